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
  await follow(replica.port, primary.port);
  return replica;
}

/** Resolves when the one has all that the other one has. */
export async function follow(port: number, primaryPort: number): Promise<void> {
  await askRedis(port, `REPLICAOF 127.0.0.1 ${primaryPort}`);
  await untilRedisSays(port, 'INFO replication', 'master_link_status:up');
}
