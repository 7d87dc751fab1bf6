import { type Clock, ProgrammingError, type QueryCacheStore, systemClock } from '@diptych/core';
import { RedisClient } from '../redis-client.js';
import { openRedis } from '../redis-connection.js';
import type { RedisConnection } from '../redis-options.js';
import { assertPrefix } from '../redis-prefix.js';
import { RedisQueryCacheStore } from './redis-query-cache-store.js';
import { ServerRoom } from './server-room.js';

export interface RedisQueryCacheOptions {
  /**
   * A client of the program's own, an endpoint, or its URL; for read models a connection of its own. A server that evicts
   * (`allkeys-lru`, say) is welcome here, and none for read models to share: those want `noeviction` or `volatile-…`.
   */
  readonly connection: RedisConnection;
  /** What our keys begin with: 1 to 64 letters, digits, `.`, `_`, `-`. Default `diptych-answers`. */
  readonly prefix?: string | undefined;
  /**
   * How much of its memory a server that evicts nothing may have used before no more answers are put there, as a part of
   * 1. Default 0.8.
   */
  readonly maxMemoryUse?: number | undefined;
  /** The program's clock, for pauses. The times of answers and leases are by the server's. */
  readonly clock?: Clock | undefined;
  /** Told what is to be known of the servers. Default: a warning of the process. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Answers of queries in one Redis, or in one cluster. */
export interface RedisQueryCache {
  /** For `createApp({ queries: { cache: { store } } })`. */
  readonly store: QueryCacheStore;
  /** The client of ioredis. */
  readonly client: RedisClient['native'];
  /** Closes the connections, where they are not the program's own. To be called when everything that uses it has stopped. */
  close(): Promise<void>;
}

/** For our own tests: a clock of the servers that they can move. */
export interface RedisQueryCacheInternals {
  readonly aheadInMs?: () => number;
}

const defaultPrefix = 'diptych-answers';
const defaultMaxMemoryUse = 0.8;
/** Whoever asks is waited for less. */
const commandTimeoutInMs = 1_000;

/**
 * Opens a Redis to keep answers in.
 * @throws ProgrammingError `redis-settings`, `redis-url`, `redis-prefix`, `option-invalid`; DiptychError `database-login`;
 *   UnavailableError where it is away now. Later nothing that it does is an error to a query.
 */
export function redisQueryCache(options: RedisQueryCacheOptions): Promise<RedisQueryCache> {
  return openRedisQueryCache(options, {});
}

export async function openRedisQueryCache(
  options: RedisQueryCacheOptions,
  { aheadInMs }: RedisQueryCacheInternals,
): Promise<RedisQueryCache> {
  const {
    prefix = defaultPrefix,
    maxMemoryUse = defaultMaxMemoryUse,
    clock = systemClock,
    onWarning = warn,
  } = options;
  assertPrefix(prefix);
  assertPart(maxMemoryUse);
  const { native, close } = await openRedis(withTimeout(options.connection), { clock, onWarning });
  try {
    const client = new RedisClient(native, { aheadInMs });
    const room = new ServerRoom({ client, clock, maxMemoryUse });
    for (const message of await room.warnings()) onWarning(message);
    return { store: new RedisQueryCacheStore({ client, prefix, room }), client: native, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function withTimeout(connection: RedisConnection): RedisConnection {
  if (typeof connection === 'string') return { url: connection, commandTimeoutInMs };
  return 'url' in connection ? { commandTimeoutInMs, ...connection } : connection;
}

function assertPart(maxMemoryUse: number): void {
  if (maxMemoryUse > 0 && maxMemoryUse <= 1) return;
  throw new ProgrammingError(
    'option-invalid',
    `\`maxMemoryUse\` is ${maxMemoryUse}; it must be a part of 1, above 0.`,
    { option: 'maxMemoryUse' },
  );
}

function warn(message: string): void {
  process.emitWarning(message, 'DiptychWarning');
}
