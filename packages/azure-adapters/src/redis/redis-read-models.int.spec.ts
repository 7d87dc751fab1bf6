import { contractNotRun, readModelStoreContract } from '@diptych/testing/contracts';
import { afterAll } from 'vitest';
import {
  clusterPlace,
  hasRedis,
  notRun,
  type RedisPlace,
  redisGround,
  redisPlace,
  redisProgram,
} from '../fixtures/redis-server.js';

const places = [
  { adapter: 'redis', isThere: hasRedis, start: redisPlace },
  { adapter: 'redis cluster', isThere: redisProgram !== undefined, start: clusterPlace },
];

for (const { adapter, isThere, start } of places) {
  if (!isThere) {
    for (const port of ['read-model store', 'projections', 'projections under faults'])
      contractNotRun({ port, adapter }, notRun);
    continue;
  }
  let started: Promise<RedisPlace> | undefined;
  const place = () => (started ??= start());
  afterAll(async () => (await started)?.close());

  readModelStoreContract(adapter, {
    async open() {
      const { connection } = await place();
      const { database, advanceTime, close } = await redisGround(connection, { maxDocumentBytes: 1_000 });
      return { store: database.readModels, advanceTime, close };
    },
  });
}
