import { ProgrammingError } from '@diptych/core';
import type { RedisClient } from './redis-client.js';
import { redisError, replyCode } from './redis-errors.js';

/**
 * Whether a server may forget what it was given. Our keys have no time to live, so the `volatile-` policies leave them
 * alone. Resolves what could not be checked.
 * @throws ProgrammingError `redis-eviction`.
 */
export async function checkServers(client: RedisClient): Promise<readonly string[]> {
  const policies = await Promise.all(client.primaries.map((server) => evictionPolicy(server)));
  const unsafe = policies.find((policy) => policy?.startsWith('allkeys'));
  if (unsafe !== undefined) {
    throw new ProgrammingError(
      'redis-eviction',
      `Redis would delete documents and checkpoints when its memory is full: its maxmemory-policy is '${unsafe}'. Set it to 'noeviction'.`,
      { policy: unsafe },
    );
  }
  if (!policies.includes(undefined)) return [];
  return [
    "Redis does not tell its maxmemory-policy (INFO is not allowed): see to it yourself that it is 'noeviction'.",
  ];
}

async function evictionPolicy(server: RedisClient['primaries'][number]): Promise<string | undefined> {
  try {
    return /^maxmemory_policy:(\S+)/m.exec(await server.info('memory'))?.[1];
  } catch (error) {
    if (['NOPERM', 'ERR'].includes(replyCode(error) ?? '')) return undefined;
    throw redisError(error);
  }
}
