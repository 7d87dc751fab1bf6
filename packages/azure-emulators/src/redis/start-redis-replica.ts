import { askRedis, untilRedisSays } from './redis-commands.js';
import type { RedisProgram } from './redis-program.js';
import { type RedisOptions, type RunningRedis, startRedis } from './start-redis.js';

/** Starts a Redis that follows another one. Resolves when it has all that the other one has. */
export async function startRedisReplica(
  program: RedisProgram,
  primary: RunningRedis,
  options: RedisOptions = {},
): Promise<RunningRedis> {
  const replica = await startRedis(program, options);
  await askRedis(replica.port, `REPLICAOF 127.0.0.1 ${primary.port}`);
  await untilRedisSays(replica.port, 'INFO replication', 'master_link_status:up');
  return replica;
}
