import type { FaultRule } from '@diptych/azure-emulators';
import { memoryDatabase } from '@diptych/core/memory';
import {
  projectionContract,
  projectionFaultsContract,
  subscriptionContract,
  transportContract,
} from '@diptych/testing/contracts';
import { emulatedEventGrid } from '../fixtures/emulated-event-grid.js';

transportContract('event grid', {
  async open() {
    return { ...(await emulatedEventGrid()), lockInMs: 30_000 };
  },
  lacks: { ordered: 'Event Grid keeps no order' },
});

/** A whole program's ground, whose events go over Event Grid. */
async function ground(rules: readonly FaultRule[] = [], seed = 1) {
  const { clock, faults, grid: _grid, ...emulated } = await emulatedEventGrid(seed);
  const { writeStore, reader, subscriptions, readModels } = memoryDatabase({ clock, partitions: 8 });
  for (const rule of rules) faults.add(rule);
  const endFaults = () => faults.clear();
  return {
    writeStore,
    reader,
    store: subscriptions,
    subscriptions,
    readModels,
    clock,
    endFaults,
    ...emulated,
  };
}

subscriptionContract('memory, event grid', { open: () => ground() });
projectionContract('memory, event grid', { open: () => ground() });

const faults: readonly FaultRule[] = [
  { on: 'deliver', fault: 'drop', chance: 0.3 },
  { on: 'deliver', fault: 'duplicate', chance: 0.2 },
  { on: 'deliver', fault: 'delay', chance: 0.3, delayInMs: 4 },
  { on: 'send', fault: 'duplicate', chance: 0.1 },
  { on: 'send', fault: 'cut-connection', chance: 0.05, afterEffect: true },
];
const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 50 : 4 }, (_, index) => index + 1);

projectionFaultsContract('memory, event grid', { open: (seed) => ground(faults, seed), seeds });
