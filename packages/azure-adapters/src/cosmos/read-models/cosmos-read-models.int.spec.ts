import { memoryDatabase, memoryTransport, type TransportFaults } from '@diptych/core/memory';
import {
  projectionContract,
  projectionFaultsContract,
  projectionInterleavingsContract,
  readModelStoreContract,
} from '@diptych/testing/contracts';
import { cosmosReadModelsGround } from '../../fixtures/cosmos-read-models.js';
import type { PartitionBy } from './placement.js';

const placements: readonly (readonly [adapter: string, partitionBy: PartitionBy])[] = [
  ['cosmos', 'document'],
  ['cosmos, one partition for a tenant', 'tenant'],
];

for (const [adapter, partitionBy] of placements) {
  readModelStoreContract(adapter, {
    async open() {
      const ground = await cosmosReadModelsGround({
        maxDocumentBytes: 1_000,
        partitionBy: () => partitionBy,
      });
      return { store: await ground.store(), advanceTime: ground.advanceTime, close: ground.close };
    },
  });
}

/** The journal and the checkpoints in memory. */
function ground(transport?: { readonly ordered: boolean; readonly faults?: TransportFaults }) {
  return async () => {
    const { store, clock, advanceTime, close } = await cosmosReadModelsGround({ maxDocumentBytes: 900 });
    return {
      ...memoryDatabase({ clock, partitions: 8 }),
      readModels: await store(),
      clock,
      advanceTime,
      close,
      ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
    };
  };
}

projectionContract('cosmos', { open: ground() });
projectionContract('cosmos, ordered transport', { open: ground({ ordered: true }) });

const faults = { duplicate: 0.2, drop: 0.2, delay: 0.2, loseSession: 0.1, failPublish: 0.1 };
const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 30 : 2 }, (_, index) => index + 1);
projectionFaultsContract('cosmos, ordered transport', {
  async open(seed: number) {
    const subject = await ground({ ordered: true, faults: { ...faults, seed } })();
    return { ...subject, endFaults: () => subject.transport?.faults.end() };
  },
  seeds,
});

projectionInterleavingsContract('cosmos', {
  async open() {
    const { store, cosmos, faults, close } = await cosmosReadModelsGround();
    const stores = [await store(), await store()];
    cosmos.lagBy(500);
    return {
      stores,
      trouble() {
        faults.add({ on: 'batch', fault: 'duplicate', chance: 0.1 });
        faults.add({ on: 'batch', fault: 'cut-connection', chance: 0.03 });
        faults.add({ on: 'batch', fault: 'cut-connection', afterEffect: true, chance: 0.07 });
        return () => faults.clear();
      },
      close,
    };
  },
  seeds: process.env.DIPTYCH_LONG === '1' ? 1_000 : 20,
});
