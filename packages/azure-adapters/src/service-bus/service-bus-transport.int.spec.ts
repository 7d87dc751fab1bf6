import type { FaultRule } from '@diptych/azure-emulators';
import { memoryDatabase } from '@diptych/core/memory';
import {
  projectionContract,
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
    maxDocumentBytes: 4_000,
  });
  const transport = openTransport();
  for (const rule of rules) faults.add(rule);
  const endFaults = () => faults.clear();
  const store = subscriptions;
  return { writeStore, reader, store, subscriptions, readModels, clock, transport, endFaults, ...emulated };
}

subscriptionContract('memory, service bus', { open: () => ground() });
projectionContract('memory, service bus', { open: () => ground() });
