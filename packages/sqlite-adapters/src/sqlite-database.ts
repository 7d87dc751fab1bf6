import {
  type Clock,
  type Database,
  ProgrammingError,
  type ReadModelStore,
  type SnapshotStore,
  sleep,
  systemClock,
  type WriteStore,
} from '@diptych/core';
import { SqliteConnection } from './sqlite-client.js';
import { loadDriver, type SqliteDriver } from './sqlite-driver.js';
import { isLocked, lockedError, sqliteError } from './sqlite-errors.js';
import { SqliteJournal } from './sqlite-journal.js';
import { SqliteJournalReader } from './sqlite-journal-reader.js';
import {
  isProvisioned,
  type Provisioning,
  provision,
  readMeta,
  renewIncarnation,
} from './sqlite-migrations.js';
import {
  defaultLockTimeoutInMs,
  defaultSessionTimeLimitInMs,
  type SqliteDatabaseOptions,
} from './sqlite-options.js';
import { SqliteReadModelStore } from './sqlite-read-model-store.js';
import { SqliteReading } from './sqlite-reading.js';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.js';
import { SqliteSubscriptionStore } from './sqlite-subscription-store.js';
import { GuardedStatements, type SqliteRows, type SqliteTransaction } from './sqlite-transaction.js';
import { SqliteWriteStore } from './sqlite-write-store.js';
import { pauses, SqliteWriter } from './sqlite-writer.js';

/** Everything an app keeps, in one file. */
export interface SqliteDatabase extends Database {
  readonly writeStore: WriteStore<SqliteTransaction>;
  readonly readModels: ReadModelStore;
  readonly snapshots: SnapshotStore;
  /** The program's own tables as they are committed, for reading outside a transaction. */
  readonly rows: SqliteRows;
  /** Gives the journal a new incarnation: the file was restored to an older point. Resolves the new id. */
  declareRestored(): Promise<string>;
  /** Rolls back what is open and lets the file go. To be called when everything that uses it has stopped. */
  close(): Promise<void>;
}

/**
 * Opens a database in a file and brings its tables up to date, or makes it.
 * @throws DiptychError `database-corrupt`, `database-read-only`, `database-cannot-open`, `disk-full`; ProgrammingError
 *   `schema-too-new`, `partitions-fixed`, `migration-changed`; UnavailableError when another process holds the file.
 *   In each case the file is left as it was.
 */
export async function sqliteDatabase(options: SqliteDatabaseOptions): Promise<SqliteDatabase> {
  assertFile(options.path);
  const driver = options.driver ?? (await loadDriver());
  const { clock = systemClock, lockTimeoutInMs = defaultLockTimeoutInMs } = options;
  const waiting = { clock, lockTimeoutInMs };
  const connection = await openWriting(driver, options, waiting);
  try {
    const { durability = 'full' } = options;
    const writer = new SqliteWriter({ connection, durability, ...waiting });
    const reading = new SqliteReading({ connection: openReading(driver, options.path), writer, ...waiting });
    return assemble(writer, reading, clock, options);
  } catch (error) {
    connection.close();
    throw sqliteError(error, options.path);
  }
}

function assemble(
  writer: SqliteWriter,
  reading: SqliteReading,
  clock: Clock,
  options: SqliteDatabaseOptions,
): SqliteDatabase {
  const partitions = Number(readMeta(writer.connection, 'partitions'));
  const journal = new SqliteJournal(partitions);
  return {
    writeStore: new SqliteWriteStore({
      writer,
      reading,
      journal,
      clock,
      options: {
        sessionTimeLimitInMs: options.sessionTimeLimitInMs ?? defaultSessionTimeLimitInMs,
        maxMessageBytes: options.maxMessageBytes,
      },
    }),
    reader: new SqliteJournalReader(reading, journal, partitions),
    snapshots: new SqliteSnapshotStore(writer, reading),
    readModels: new SqliteReadModelStore({
      writer,
      reading,
      clock,
      maxDocumentBytes: options.maxDocumentBytes,
    }),
    subscriptions: new SqliteSubscriptionStore({ writer, reading, clock }),
    rows: new GuardedStatements(reading.connection, () => {}),
    declareRestored: () => writer.run(renewIncarnation),
    async close() {
      reading.connection.close();
      writer.close();
    },
  };
}

interface Waiting {
  readonly clock: Clock;
  readonly lockTimeoutInMs: number;
}

async function openWriting(
  driver: SqliteDriver,
  options: SqliteDatabaseOptions,
  waiting: Waiting,
): Promise<SqliteConnection> {
  const { path, partitions, migrations = [] } = options;
  let connection: SqliteConnection | undefined;
  try {
    const opened = new SqliteConnection(driver, path);
    connection = opened;
    await whenUnlocked(waiting, path, () => prepareFile(opened, options, { partitions, migrations }));
    return opened;
  } catch (error) {
    connection?.close();
    throw sqliteError(error, path);
  }
}

function openReading(driver: SqliteDriver, path: string): SqliteConnection {
  const connection = new SqliteConnection(driver, path);
  connection.exec('PRAGMA query_only = ON; PRAGMA cache_size = -32768');
  return connection;
}

function prepareFile(
  connection: SqliteConnection,
  { maxFileBytes }: SqliteDatabaseOptions,
  wanted: Provisioning,
): void {
  // First of all: a file of a newer version, or one that is none of ours, must not even be switched to WAL.
  const isReady = isProvisioned(connection, wanted);
  // A log of 64 MB before it is moved into the file: streams lie scattered over an index, and the longer the log, the
  // more changes of one page are moved at once. A quarter of it made appends to a million events a fifth slower.
  connection.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    -- More would cost time: whenever a page of an index is split, SQLite looks through all that it keeps.
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 16000;
  `);
  if (maxFileBytes !== undefined) limitSize(connection, maxFileBytes);
  if (isReady) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    provision(connection, wanted);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function limitSize(connection: SqliteConnection, maxFileBytes: number): void {
  const { page_size } = connection.get<{ page_size: number }>('PRAGMA page_size')!;
  connection.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxFileBytes / page_size))}`);
}

async function whenUnlocked(
  { clock, lockTimeoutInMs }: Waiting,
  path: string,
  work: () => void,
): Promise<void> {
  for (const pauseInMs of pauses(lockTimeoutInMs)) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error)) throw error;
    }
    await sleep(clock, pauseInMs);
  }
  throw lockedError(path);
}

function assertFile(path: string): void {
  if (path !== '' && path !== ':memory:' && !path.startsWith('file:')) return;
  throw new ProgrammingError(
    'path-not-a-file',
    `'${path}' names no file. For a database in memory there is memoryDatabase() in @diptych/core/memory.`,
    { path },
  );
}
