export type { RedisQueryCache, RedisQueryCacheOptions } from './query-cache/redis-query-cache.js';
export { redisQueryCache } from './query-cache/redis-query-cache.js';
export type { RedisLexRange, RedisReadModelHandle, RedisReadModelKeys } from './read-models/native-handle.js';
export type { RedisDatabase } from './redis-database.js';
export { redisDatabase } from './redis-database.js';
export type {
  RedisConnection,
  RedisDatabaseOptions,
  RedisEndpoint,
  RedisTokenCredential,
} from './redis-options.js';
