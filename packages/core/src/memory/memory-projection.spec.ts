import { FakeClock } from '@diptych/testing';
import { projectionContract } from '@diptych/testing/contracts';
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
