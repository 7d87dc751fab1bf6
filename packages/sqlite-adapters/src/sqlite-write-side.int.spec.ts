import { FakeClock } from '@diptych/testing';
import {
  inboxContract,
  journalReaderContract,
  scheduleContract,
  snapshotContract,
  unitOfWorkContract,
  type WriteSideFactory,
  type WriteSideSubject,
  writeStoreContract,
} from '@diptych/testing/contracts';
import { temporaryFile } from './fixtures/temporary-file.js';
import { sqliteDatabase } from './sqlite-database.js';
import type { SqliteTransaction } from './sqlite-transaction.js';

const migrations = [{ name: 'rows', sql: 'CREATE TABLE rows (key TEXT PRIMARY KEY, text TEXT NOT NULL)' }];

async function open(path: string, clock: FakeClock): Promise<WriteSideSubject<SqliteTransaction>> {
  const database = await sqliteDatabase({
    path,
    clock,
    migrations,
    maxMessageBytes: 256 * 1024,
    durability: 'normal',
  });
  const { writeStore, reader, rows } = database;
  return {
    writeStore,
    reader,
    clock,
    advanceTime: (ms) => clock.advance(ms),
    putRow: async (native, key, text) => {
      native.run('INSERT OR REPLACE INTO rows (key, text) VALUES (?, ?)', key, text);
    },
    readRow: async (key) => rows.get<{ text: string }>('SELECT text FROM rows WHERE key = ?', key)?.text,
    reopen: async () => {
      await database.close();
      return open(path, clock);
    },
    close: () => database.close(),
  };
}

const sqliteWriteSide: WriteSideFactory<SqliteTransaction> = {
  lacks: { 'concurrent writers': 'SQLite has one writer to a file' },
  open: () => open(temporaryFile(), new FakeClock()),
};

writeStoreContract('sqlite', sqliteWriteSide);
journalReaderContract('sqlite', sqliteWriteSide);
inboxContract('sqlite', sqliteWriteSide);
scheduleContract('sqlite', sqliteWriteSide);
unitOfWorkContract('sqlite', sqliteWriteSide);
snapshotContract('sqlite', {
  async open() {
    const { snapshots, close } = await sqliteDatabase({ path: temporaryFile() });
    return { snapshots: snapshots, close };
  },
});
