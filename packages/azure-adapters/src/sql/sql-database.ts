import {
  type Clock,
  type Database,
  type ReadModelStore,
  type SnapshotStore,
  systemClock,
  type WriteStore,
} from '@diptych/core';
import { CommitNotices } from './commit-notices.js';
import { type HeldBackJournal, HeldBackWatch, warnHeldBack } from './held-back.js';
import { SqlInbox } from './inbox.js';
import { SqlReplica } from './replica.js';
import { ReplicaConnection } from './replica-connection.js';
import { SqlSchedule } from './schedule.js';
import { SqlSnapshotStore } from './snapshots.js';
import { SqlClient, serverNow } from './sql-client.js';
import { SqlJournalReader } from './sql-journal-reader.js';
import { provision } from './sql-migrations.js';
import {
  defaultHeldBackAfterInMs,
  defaultSchema,
  defaultSessionTimeLimitInMs,
  type SqlDatabaseOptions,
} from './sql-options.js';
import { connectionsOf, openPool } from './sql-pool.js';
import { SqlReadModelStore } from './sql-read-model-store.js';
import { SqlSubscriptionStore } from './sql-subscription-store.js';
import { tablesIn } from './sql-tables.js';
import type { SqlTransaction } from './sql-transaction.js';
import { SqlWriteStore } from './sql-write-store.js';
import { TransactionSlots } from './transaction-slots.js';

/** Everything an app keeps, in one SQL Server or Azure SQL database. */
export interface SqlDatabase extends Database {
  readonly writeStore: WriteStore<SqlTransaction>;
  readonly subscriptions: SqlSubscriptionStore;
  readonly readModels: ReadModelStore;
  readonly snapshots: SnapshotStore;
  /** The pool, for statements outside a session. */
  readonly pool: SqlClient['pool'];
  /** What keeps readers of the journal waiting now, if anything does. */
  heldBack(): Promise<HeldBackJournal | undefined>;
  /** Gives the journal a new incarnation: the database was restored to an older point, or is a copy. Resolves the new id. */
  declareRestored(): Promise<string>;
  /** Closes the connections, where they are not the program's own. To be called when everything that uses it has stopped. */
  close(): Promise<void>;
}

/** For our own tests: a clock of the database that they can move, and a look between the final batch and its commit. */
export interface SqlDatabaseInternals {
  /** The database's clock in milliseconds, as T-SQL. */
  readonly now?: string;
  readonly beforeCommit?: () => Promise<void>;
}

/**
 * Opens a database, and makes its tables or sees that they are there.
 * @throws ProgrammingError `invalid-schema-name`, `schema-missing`, `schema-too-new`, `partitions-fixed`,
 *   `migration-changed`; DiptychError `database-login`, `database-cannot-open`, `database-forbidden`; UnavailableError.
 */
export function sqlDatabase(options: SqlDatabaseOptions): Promise<SqlDatabase> {
  return openSqlDatabase(options, {});
}

export async function openSqlDatabase(
  options: SqlDatabaseOptions,
  internals: SqlDatabaseInternals,
): Promise<SqlDatabase> {
  const { schema = defaultSchema, provision: mode = 'create', migrations = [], partitions } = options;
  const tables = tablesIn(schema);
  const now = internals.now ?? serverNow;
  const opened = await openPools(options, now);
  try {
    const client = new SqlClient(opened.pool, now);
    const meta = await provision(client, { mode, schema, tables, partitions, migrations });
    const replica = opened.replica && new SqlReplica(opened.replica, tables);
    return assemble(options, internals, { ...opened, client, replica, partitions: meta.partitions });
  } catch (error) {
    await opened.close();
    throw error;
  }
}

interface Opened {
  readonly client: SqlClient;
  readonly replica: SqlReplica | undefined;
  readonly partitions: number;
  close(): Promise<void>;
}

/** The pool that all is written by, and the way to the replica, where there is one. */
async function openPools({ connection, replica, clock = systemClock }: SqlDatabaseOptions, now: string) {
  const primary = await openPool(connection);
  const second = replica === undefined ? undefined : new ReplicaConnection(replica, now, clock);
  const close = async () => {
    await second?.close();
    await primary.close();
  };
  try {
    await second?.client();
    return { pool: primary.pool, replica: second, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function assemble(
  options: SqlDatabaseOptions,
  internals: SqlDatabaseInternals,
  { close, client, replica, partitions }: Opened,
): SqlDatabase {
  const tables = tablesIn(options.schema ?? defaultSchema);
  const clock = options.clock ?? systemClock;
  const notices = new CommitNotices();
  const heldBack = new HeldBackWatch({
    client,
    tables,
    clock,
    afterInMs: options.heldBackAfterInMs ?? defaultHeldBackAfterInMs,
    onHeldBack: options.onHeldBack ?? warnHeldBack,
  });
  return {
    writeStore: writeStoreOf(options, internals, { client, tables, partitions, clock, notices }),
    reader: new SqlJournalReader({ client, tables, partitions, notices, heldBack }),
    subscriptions: new SqlSubscriptionStore(client, tables),
    readModels: new SqlReadModelStore({
      client,
      tables,
      replica,
      maxDocumentBytes: options.maxDocumentBytes,
    }),
    snapshots: new SqlSnapshotStore(client, tables),
    pool: client.pool,
    heldBack: () => heldBack.look(),
    async declareRestored() {
      const [row] = await client.rows<[string]>(
        `UPDATE ${tables.meta} SET value = LOWER(CONVERT(varchar(36), NEWID())) WHERE name = 'incarnation';
         SELECT value FROM ${tables.meta} WHERE name = 'incarnation';`,
      );
      return row![0];
    },
    close,
  };
}

interface WriteStoreParts {
  readonly client: SqlClient;
  readonly tables: ReturnType<typeof tablesIn>;
  readonly partitions: number;
  readonly clock: Clock;
  readonly notices: CommitNotices;
}

/** Half of the connections: the others are for what transactions need while they are open, and for all else. */
function slotsOf(pool: SqlClient['pool']): number {
  return Math.floor(connectionsOf(pool) / 2);
}

function writeStoreOf(
  { sessionTimeLimitInMs = defaultSessionTimeLimitInMs, maxMessageBytes }: SqlDatabaseOptions,
  { beforeCommit }: SqlDatabaseInternals,
  parts: WriteStoreParts,
): SqlWriteStore {
  const { client, tables } = parts;
  return new SqlWriteStore({
    ...parts,
    slots: new TransactionSlots(parts.clock, slotsOf(client.pool)),
    inbox: new SqlInbox(client, tables),
    schedule: new SqlSchedule(client, tables),
    options: { sessionTimeLimitInMs, maxMessageBytes },
    beforeCommit,
  });
}
