import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { contractNotRun, subscriptionContract, subscriptionStoreContract } from '@diptych/testing/contracts';
import { afterAll } from 'vitest';
import {
  clusterPlace,
  hasRedis,
  notRun,
  type RedisPlace,
  redisGround,
  redisPlace,
  redisProgram,
} from '../../fixtures/redis-server.js';

const places = [
  { adapter: 'redis', isThere: hasRedis, start: redisPlace },
  { adapter: 'redis cluster', isThere: redisProgram !== undefined, start: clusterPlace },
];

for (const { adapter, isThere, start } of places) {
  if (!isThere) {
    for (const port of ['subscription store', 'subscription']) contractNotRun({ port, adapter }, notRun);
    continue;
  }
  let started: Promise<RedisPlace> | undefined;
  const place = () => (started ??= start());
  afterAll(async () => (await started)?.close());

  subscriptionStoreContract(adapter, {
    async open() {
      const { connection } = await place();
      const { database, advanceTime, close } = await redisGround(connection);
      return { store: database.subscriptions, advanceTime, close };
    },
  });

  /** The journal is in memory: a read side that has no SQL reads it over HTTP, say. */
  function running(transport?: { readonly ordered: boolean }) {
    return async () => {
      const { connection } = await place();
      const { database, clock, advanceTime, close } = await redisGround(connection);
      const { writeStore, reader } = memoryDatabase({ clock, partitions: 4 });
      return {
        writeStore,
        reader,
        store: database.subscriptions,
        clock,
        advanceTime,
        close,
        ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
      };
    };
  }

  subscriptionContract(adapter, { open: running() });
  subscriptionContract(`${adapter}, ordered transport`, { open: running({ ordered: true }) });
}
