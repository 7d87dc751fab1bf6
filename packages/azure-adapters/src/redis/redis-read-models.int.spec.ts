import { memoryDatabase, memoryTransport, type TransportFaults } from '@diptych/core/memory';
import {
  contractNotRun,
  projectionContract,
  projectionFaultsContract,
  projectionInterleavingsContract,
  readModelStoreContract,
} from '@diptych/testing/contracts';
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
    for (const port of [
      'read-model store',
      'projections',
      'projections under faults',
      'projections, interleaved',
    ])
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

  /** The journal and the checkpoints in memory. */
  function ground(transport?: { readonly ordered: boolean; readonly faults?: TransportFaults }) {
    return async () => {
      const { connection } = await place();
      const { database, clock, advanceTime, close } = await redisGround(connection, {
        maxDocumentBytes: 900,
      });
      return {
        ...memoryDatabase({ clock, partitions: 8 }),
        readModels: database.readModels,
        clock,
        advanceTime,
        close,
        ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
      };
    };
  }

  projectionContract(adapter, { open: ground() });
  projectionContract(`${adapter}, ordered transport`, { open: ground({ ordered: true }) });

  const faults = { duplicate: 0.2, drop: 0.2, delay: 0.2, loseSession: 0.1, failPublish: 0.1 };
  const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 30 : 2 }, (_, index) => index + 1);
  projectionFaultsContract(`${adapter}, ordered transport`, {
    async open(seed: number) {
      const subject = await ground({ ordered: true, faults: { ...faults, seed } })();
      return { ...subject, endFaults: () => subject.transport?.faults.end() };
    },
    seeds,
  });

  projectionInterleavingsContract(adapter, {
    async open() {
      const { connection } = await place();
      const { database, again, close } = await redisGround(connection);
      const other = await again();
      return { stores: [database.readModels, other.readModels], close };
    },
    seeds: process.env.DIPTYCH_LONG === '1' ? 1_000 : 20,
  });
}
