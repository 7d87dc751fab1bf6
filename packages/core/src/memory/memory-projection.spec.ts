import { FakeClock } from '@diptych/testing';
import {
  projectionContract,
  projectionFaultsContract,
  projectionInterleavingsContract,
} from '@diptych/testing/contracts';
import { memoryDatabase } from './memory-database.js';
import { MemoryReadModelStore } from './memory-read-model-store.js';
import { memoryTransport } from './memory-transport.js';
import type { TransportFaults } from './transport-faults.js';

function ground(transport?: { readonly ordered: boolean; readonly faults?: TransportFaults }) {
  return async () => {
    const clock = new FakeClock();
    const { writeStore, reader, subscriptions } = memoryDatabase({ clock, partitions: 8 });
    return {
      writeStore,
      reader,
      subscriptions,
      readModels: new MemoryReadModelStore({ clock, maxDocumentBytes: 4_000 }),
      clock,
      advanceTime: (ms: number) => clock.advance(ms),
      ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
    };
  };
}

projectionContract('memory', { open: ground() });
projectionContract('memory, ordered transport', { open: ground({ ordered: true }) });
projectionContract('memory, unordered transport', { open: ground({ ordered: false }) });

const faults = { duplicate: 0.2, drop: 0.2, delay: 0.2, loseSession: 0.1, failPublish: 0.1 };
const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 300 : 25 }, (_, index) => index + 1);
const faulty = (ordered: boolean) => async (seed: number) => {
  const reordered = ordered ? {} : { reorder: 0.3 };
  const subject = await ground({ ordered, faults: { ...faults, ...reordered, seed } })();
  return { ...subject, endFaults: () => subject.transport?.faults.end() };
};

projectionFaultsContract('memory, ordered transport', { open: faulty(true), seeds });
projectionFaultsContract('memory, unordered transport', { open: faulty(false), seeds });

projectionInterleavingsContract('memory', {
  async open() {
    const store = new MemoryReadModelStore({ clock: new FakeClock() });
    return { stores: [store, store] };
  },
  seeds: process.env.DIPTYCH_LONG === '1' ? 1_000 : 50,
});
