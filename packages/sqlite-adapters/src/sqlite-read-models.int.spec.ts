import { memoryTransport, type TransportFaults } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import {
  projectionContract,
  projectionFaultsContract,
  projectionInterleavingsContract,
  readModelStoreContract,
} from '@diptych/testing/contracts';
import { temporaryFile } from './fixtures/temporary-file.js';
import { sqliteDatabase } from './sqlite-database.js';

async function opened(maxDocumentBytes: number) {
  const clock = new FakeClock();
  const database = await sqliteDatabase({
    path: temporaryFile(),
    clock,
    partitions: 8,
    durability: 'normal',
    maxDocumentBytes,
  });
  return { database, clock, advanceTime: (ms: number) => clock.advance(ms), close: () => database.close() };
}

readModelStoreContract('sqlite', {
  async open() {
    const { database, ...rest } = await opened(1_000);
    return { store: database.readModels, ...rest };
  },
});

function ground(transport?: { readonly ordered: boolean; readonly faults?: TransportFaults }) {
  return async () => {
    const { database, clock, ...rest } = await opened(4_000);
    const { writeStore, reader, subscriptions, readModels } = database;
    return {
      writeStore,
      reader,
      subscriptions,
      readModels,
      clock,
      ...rest,
      ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
    };
  };
}

projectionContract('sqlite', { open: ground() });
projectionContract('sqlite, ordered transport', { open: ground({ ordered: true }) });
projectionContract('sqlite, unordered transport', { open: ground({ ordered: false }) });

const faults = { duplicate: 0.2, drop: 0.2, delay: 0.2, loseSession: 0.1, failPublish: 0.1 };
const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 100 : 5 }, (_, index) => index + 1);
const faulty = (ordered: boolean) => async (seed: number) => {
  const reordered = ordered ? {} : { reorder: 0.3 };
  const subject = await ground({ ordered, faults: { ...faults, ...reordered, seed } })();
  return { ...subject, endFaults: () => subject.transport?.faults.end() };
};

projectionFaultsContract('sqlite, ordered transport', { open: faulty(true), seeds });
projectionFaultsContract('sqlite, unordered transport', { open: faulty(false), seeds });

projectionInterleavingsContract('sqlite', {
  async open() {
    const path = temporaryFile();
    const [one, other] = [await sqliteDatabase({ path }), await sqliteDatabase({ path })];
    return {
      stores: [one.readModels, other.readModels],
      async close() {
        await one.close();
        await other.close();
      },
    };
  },
  seeds: process.env.DIPTYCH_LONG === '1' ? 1_000 : 20,
});
