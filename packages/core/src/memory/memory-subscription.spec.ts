import { FakeClock } from '@diptych/testing';
import { subscriptionContract } from '@diptych/testing/contracts';
import { memoryDatabase } from './memory-database.js';
import { memoryTransport } from './memory-transport.js';
import type { TransportFaults } from './transport-faults.js';

function ground(transport?: { readonly ordered: boolean; readonly faults?: TransportFaults }) {
  return async () => {
    const clock = new FakeClock();
    const { writeStore, reader, subscriptions } = memoryDatabase({ clock, partitions: 8 });
    return {
      writeStore,
      reader,
      store: subscriptions,
      clock,
      advanceTime: (ms: number) => clock.advance(ms),
      ...(transport === undefined ? {} : { transport: memoryTransport({ clock, ...transport }) }),
    };
  };
}

subscriptionContract('memory', { open: ground() });
subscriptionContract('memory, ordered transport', { open: ground({ ordered: true }) });
subscriptionContract('memory, unordered transport', { open: ground({ ordered: false }) });
