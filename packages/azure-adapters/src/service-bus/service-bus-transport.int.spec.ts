import type { FaultRule } from '@diptych/azure-emulators';
import { memoryDatabase } from '@diptych/core/memory';
import {
  projectionContract,
  projectionFaultsContract,
  queueContract,
  subscriptionContract,
  transportContract,
} from '@diptych/testing/contracts';
import { emulatedServiceBus, lockInMs } from '../fixtures/emulated-service-bus.js';

async function open() {
  const { open: openTransport, ...emulated } = await emulatedServiceBus();
  const transport = openTransport();
  return { transport, queues: transport, lockInMs, ...emulated };
}

transportContract('service bus', { open });
queueContract('service bus', { open });

/** A whole program's ground, whose events go over the bus. */
async function ground(rules: readonly FaultRule[] = [], seed = 1) {
  const { open: openTransport, clock, faults, bus, ...emulated } = await emulatedServiceBus(seed);
  const { writeStore, reader, subscriptions, readModels } = memoryDatabase({
    clock,
    partitions: 8,
  });
  const transport = openTransport();
  for (const rule of rules) faults.add(rule);
  const endFaults = () => faults.clear();
  const store = subscriptions;
  return { writeStore, reader, store, subscriptions, readModels, clock, transport, endFaults, ...emulated };
}

subscriptionContract('memory, service bus', { open: () => ground() });
projectionContract('memory, service bus', { open: () => ground() });

const faults: readonly FaultRule[] = [
  { on: 'send', fault: 'duplicate', chance: 0.1 },
  { on: 'send', fault: 'delay', chance: 0.1, delayInMs: 5 },
  { on: 'send', fault: 'cut-link', chance: 0.03, afterEffect: true },
  { on: 'deliver', fault: 'duplicate', chance: 0.05 },
  { on: 'deliver', fault: 'lose-lock', chance: 0.03 },
  { on: 'deliver', fault: 'cut-link', chance: 0.03 },
  { on: 'settle', fault: 'lose-lock', chance: 0.05 },
  { on: 'settle', fault: 'cut-connection', chance: 0.01 },
];
const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 50 : 4 }, (_, index) => index + 1);

projectionFaultsContract('memory, service bus', { open: (seed) => ground(faults, seed), seeds });
