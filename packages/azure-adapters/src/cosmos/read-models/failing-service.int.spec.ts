import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { projectionFaultsContract } from '@diptych/testing/contracts';
import { cosmosReadModelsGround } from '../../fixtures/cosmos-read-models.js';

const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 100 : 6 }, (_, at) => at + 1);
const faults = { duplicate: 0.2, drop: 0.2, delay: 0.2, loseSession: 0.1, failPublish: 0.1 };

// The service's network as well: answers get lost, requests do not arrive, or arrive twice.
projectionFaultsContract('cosmos, service that fails', {
  async open(seed) {
    const { cosmos, ...ground } = await cosmosReadModelsGround({}, seed);
    const transport = memoryTransport({ clock: ground.clock, ordered: true, faults: { ...faults, seed } });
    ground.faults.add({ on: 'batch', fault: 'duplicate', chance: 0.1 });
    ground.faults.add({ on: 'batch', fault: 'cut-connection', chance: 0.05 });
    ground.faults.add({ on: 'batch', fault: 'cut-connection', afterEffect: true, chance: 0.1 });
    ground.faults.add({ on: 'write', fault: 'duplicate', chance: 0.1 });
    ground.faults.add({ on: 'write', fault: 'cut-connection', afterEffect: true, chance: 0.1 });
    cosmos.lagBy(500);
    return {
      ...memoryDatabase({ clock: ground.clock, partitions: 8 }),
      readModels: await ground.store(),
      clock: ground.clock,
      transport,
      advanceTime: ground.advanceTime,
      close: ground.close,
      endFaults: () => {
        transport.faults.end();
        ground.faults.clear();
      },
    };
  },
  seeds,
});
