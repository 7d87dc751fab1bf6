import { fileURLToPath } from 'node:url';
import { redisDatabase } from '@diptych/azure-adapters/redis';
import { findRedis, startRedis } from '@diptych/azure-emulators';
import { Redis, type RedisOptions } from 'ioredis';
import type { NoteDocument } from '../../notes/noted.js';
import type { Ground, StoreCase } from '../store-case.js';
import { redisNotesByHand } from './redis-by-hand.js';

const cacheFolder = fileURLToPath(new URL('../../../../.cache', import.meta.url));

/** What ours demands of a client that a program brings: a command ends in a stated time, and is sent once. */
const demanded = {
  commandTimeout: 5_000,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
} as const satisfies RedisOptions;

/** The Redis that `DIPTYCH_REDIS_URL` names, else one of our own. */
export async function redisCase(): Promise<StoreCase> {
  const url = process.env.DIPTYCH_REDIS_URL;
  const program = url === undefined ? await findRedis({ cacheFolder }) : undefined;
  return {
    id: 'redis',
    name: 'Redis',
    sdk: 'ioredis',
    missing: (url ?? program) ? undefined : 'no Redis',
    async open() {
      if (url !== undefined) return groundOn(url, async () => {});
      const server = await startRedis(program!);
      return groundOn(server.url, () => server.stop());
    },
  };
}

async function groundOn(url: string, stop: () => Promise<void>): Promise<Ground> {
  const prefix = `bench-${process.pid}-${Date.now().toString(36)}`;
  const { readModels, close } = await redisDatabase({ connection: url, prefix });
  const client = new Redis(url, demanded);
  const keyOf = (note: string) => `${prefix}:read:${note}`;
  return {
    readModels,
    put: (document) => client.set(keyOf(document.note), JSON.stringify(document)),
    read: async (note) => JSON.parse((await client.get(keyOf(note)))!) as NoteDocument,
    byHand: redisNotesByHand(client, `${prefix}:hand`),
    async close() {
      await close();
      await removeKeys(client, prefix);
      client.disconnect();
      await stop();
    },
  };
}

async function removeKeys(client: Redis, prefix: string): Promise<void> {
  for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 1_000 }))
    if (keys.length > 0) await client.unlink(...(keys as string[]));
}
