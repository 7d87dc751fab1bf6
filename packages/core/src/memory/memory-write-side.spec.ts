import { memoryDatabase } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import {
  inboxContract,
  journalReaderContract,
  scheduleContract,
  snapshotContract,
  unitOfWorkContract,
  type WriteSideFactory,
  writeStoreContract,
} from '@diptych/testing/contracts';
import type { MemoryTransaction } from './memory-tables.js';

const memoryWriteSide: WriteSideFactory<MemoryTransaction> = {
  lacks: {
    'concurrent writers': 'one transaction is open at a time',
    durability: 'it lives as long as its process',
  },
  async open() {
    const clock = new FakeClock();
    const database = memoryDatabase({ clock, maxMessageBytes: 256 * 1024 });
    return {
      writeStore: database.writeStore,
      reader: database.reader,
      clock,
      advanceTime: (ms) => clock.advance(ms),
      putRow: async (native, key, text) => native.table<string>('rows').put(key, text),
      readRow: async (key) => database.writeStore.tables.table<string>('rows').get(key),
    };
  },
};

writeStoreContract('memory', memoryWriteSide);
journalReaderContract('memory', memoryWriteSide);
inboxContract('memory', memoryWriteSide);
scheduleContract('memory', memoryWriteSide);
unitOfWorkContract('memory', memoryWriteSide);
snapshotContract('memory', { open: async () => ({ snapshots: memoryDatabase().snapshots }) });
