import { type ReadModelStore, type SubscriptionStore, systemClock } from '@diptych/core';
import { RedisReadModelStore } from './read-models/redis-read-model-store.js';
import { RedisClient } from './redis-client.js';
import { openRedis } from './redis-connection.js';
import { defaultPrefix, type RedisDatabaseOptions } from './redis-options.js';
import { assertPrefix } from './redis-prefix.js';
import { ServerHistories } from './server-histories.js';
import { checkServers } from './server-settings.js';
import { RedisSubscriptionStore } from './subscriptions/redis-subscription-store.js';

/** What an app keeps in one Redis, or in one cluster. */
export interface RedisDatabase {
  readonly readModels: ReadModelStore;
  readonly subscriptions: SubscriptionStore;
  /** The client of ioredis. */
  readonly client: RedisClient['native'];
  /** What the servers did not let us check, in words. */
  readonly unchecked: readonly string[];
  /** Closes the connections, where they are not the program's own. To be called when everything that uses it has stopped. */
  close(): Promise<void>;
}

/** For our own tests: a clock of the servers that they can move. */
export interface RedisDatabaseInternals {
  /** How far the clock of scripts is ahead of the server's, in milliseconds. */
  readonly aheadInMs?: () => number;
}

/**
 * Opens a Redis, and sees that it keeps what it is given.
 * @throws ProgrammingError `redis-settings`, `redis-eviction`, `redis-url`, `redis-prefix`; DiptychError
 *   `database-login`, `database-forbidden`; UnavailableError.
 */
export function redisDatabase(options: RedisDatabaseOptions): Promise<RedisDatabase> {
  return openRedisDatabase(options, {});
}

export async function openRedisDatabase(
  options: RedisDatabaseOptions,
  { aheadInMs }: RedisDatabaseInternals,
): Promise<RedisDatabase> {
  const { connection, prefix = defaultPrefix, clock = systemClock, onWarning = warn } = options;
  const { maxDocumentBytes, waitForReplicas } = options;
  assertPrefix(prefix);
  const { native, close } = await openRedis(connection, { clock, onWarning });
  try {
    const client = new RedisClient(native, { aheadInMs });
    const histories = new ServerHistories(client, clock);
    const unchecked = [...(await checkServers(client)), ...(await lookedAt(histories))];
    for (const message of unchecked) onWarning(message);
    const parts = { client, prefix, clock, histories };
    const readModels = new RedisReadModelStore({ ...parts, maxDocumentBytes, waitForReplicas });
    return {
      readModels,
      subscriptions: new RedisSubscriptionStore(client, prefix),
      client: native,
      unchecked,
      close() {
        histories.stop();
        return close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Before anything is written, so that the servers are known that it is written to. */
async function lookedAt(histories: ServerHistories): Promise<readonly string[]> {
  if ((await histories.look()) !== undefined) return [];
  return [
    'Redis does not tell the histories of its servers (INFO replication): documents that a failover loses are not made again by themselves.',
  ];
}

function warn(message: string): void {
  process.emitWarning(message, 'DiptychWarning');
}
