import { memoryTransport } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import { subscriptionContract, subscriptionStoreContract } from '@diptych/testing/contracts';
import { temporaryFile } from './fixtures/temporary-file.js';
import { sqliteDatabase } from './sqlite-database.js';

async function ground() {
  const clock = new FakeClock();
  const database = await sqliteDatabase({
    path: temporaryFile(),
    clock,
    partitions: 8,
    durability: 'normal',
  });
  return { database, clock, advanceTime: (ms: number) => clock.advance(ms), close: () => database.close() };
}

subscriptionStoreContract('sqlite', {
  async open() {
    const { database, ...rest } = await ground();
    return { store: database.subscriptions, ...rest };
  },
});

function running(transport?: { readonly ordered: boolean }) {
  return async () => {
    const { database, clock, ...rest } = await ground();
    const { writeStore, reader, subscriptions: store } = database;
    return {
      writeStore,
      reader,
      store,
      clock,
      ...rest,
      ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
    };
  };
}

subscriptionContract('sqlite', { open: running() });
subscriptionContract('sqlite, ordered transport', { open: running({ ordered: true }) });
subscriptionContract('sqlite, unordered transport', { open: running({ ordered: false }) });
