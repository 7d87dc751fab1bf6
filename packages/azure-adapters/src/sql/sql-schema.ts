import { assertPartitionCount, defaultPartitionCount } from '@diptych/core';
import { defaultSchema } from './sql-options.js';
import { type SqlTables, tablesIn, byCodeUnit as text } from './sql-tables.js';

/** A step of the schema: each batch makes one thing, unless it is there. A step that was released is never changed. */
type SchemaStep = (tables: SqlTables, schema: string, partitions: number) => readonly string[];

const makeTables: SchemaStep = (t, schema, partitions) => [
  `IF SCHEMA_ID('${schema}') IS NULL EXEC('CREATE SCHEMA [${schema}]')`,

  table(
    t.meta,
    `name varchar(40) NOT NULL PRIMARY KEY,
     value varchar(100) NOT NULL`,
  ),
  `IF NOT EXISTS (SELECT 1 FROM ${t.meta} WHERE name = 'partitions')
     INSERT INTO ${t.meta} (name, value) VALUES
       ('partitions', '${partitions}'), ('incarnation', LOWER(CONVERT(varchar(36), NEWID()))), ('schema-version', '0')`,
  table(
    t.migrations,
    `name nvarchar(400) ${text} NOT NULL PRIMARY KEY,
     sql nvarchar(max) NOT NULL`,
  ),

  // The journal: a row for each append, or for each command sent, and rows are only ever added. An UPDATE would give a
  // row another rowversion, and so another place.
  table(
    t.journal,
    `rv rowversion NOT NULL,
     -- In its unit of work, the index of its first event: rows of a unit may share a rowversion on a stand-in.
     first_index int NOT NULL,
     event_count int NOT NULL,
     -- UTF-16 units of data.
     bytes int NOT NULL,
     -- SHA-256 of tenant and name; random for a command, which is in no stream.
     stream binary(32) NOT NULL,
     first_version int NOT NULL,
     last_version int NOT NULL,
     partition int NOT NULL,
     -- What decided the partition, where that was not the stream's name.
     partition_key nvarchar(1000) ${text} NULL,
     tenant nvarchar(1000) ${text} NOT NULL,
     -- The stream's name; of a command, what it is ordered by.
     name nvarchar(1000) ${text} NOT NULL,
     is_command bit NOT NULL,
     -- JSON: what the envelopes have in common, and of each what is its own.
     facts nvarchar(max) NOT NULL,
     -- The JSON texts of the events, one behind the other.
     data nvarchar(max) NOT NULL,
     -- That no version comes twice is what optimistic concurrency rests on. Not clustered: streams lie scattered, and a
     -- new row would split a page in the middle of the table each time.
     CONSTRAINT [pk_${schema}_journal] PRIMARY KEY NONCLUSTERED (stream, first_version)`,
    // As the journal is read from end to end: new rows go to its end, and a rebuild reads page by page.
    `CREATE CLUSTERED INDEX [cx_${schema}_journal] ON ${t.journal} (rv, first_index)`,
    // One partition, in order, with what a bounded batch counts, so that only rows that are given are looked up.
    `CREATE INDEX [ix_${schema}_journal_partition] ON ${t.journal} (partition, rv, first_index) INCLUDE (event_count, bytes)`,
    // The head of a stream, in one seek without a look at the row.
    `CREATE INDEX [ix_${schema}_journal_head] ON ${t.journal} (stream, first_version) INCLUDE (last_version, partition, partition_key, rv)`,
  ),

  table(
    t.inbox,
    `-- SHA-256 of tenant, handler, scope and id: of any length, and one seek. Claims are single rows, never scanned.
     mark binary(32) NOT NULL CONSTRAINT [pk_${schema}_inbox] PRIMARY KEY,
     -- For people: who handled what.
     handler nvarchar(1000) ${text} NULL,
     id nvarchar(1000) ${text} NULL,
     fingerprint nvarchar(400) ${text} NULL,
     message_id nvarchar(1000) ${text} NULL,
     -- JSON. NULL while the command is claimed, which only its own transaction sees.
     outcome nvarchar(max) NULL,
     -- What the final batch wrote: partition, row, index and count of each append.
     ranges varchar(max) NULL,
     forget_at bigint NULL`,
    // The cleaner's, in order of time. Claims have no time yet, and so are not in its way.
    `CREATE INDEX [ix_${schema}_inbox_forget] ON ${t.inbox} (forget_at)`,
  ),

  table(
    t.scheduled,
    `place bigint IDENTITY NOT NULL CONSTRAINT [pk_${schema}_scheduled] PRIMARY KEY,
     partition int NOT NULL,
     due_at bigint NOT NULL,
     -- SHA-256 of tenant and id.
     message binary(32) NOT NULL,
     name nvarchar(1000) ${text} NOT NULL,
     command nvarchar(max) NOT NULL`,
    // What a partition's owner asks for: the next that is due.
    `CREATE INDEX [ix_${schema}_scheduled_due] ON ${t.scheduled} (partition, due_at, place)`,
    // For taking one back.
    `CREATE INDEX [ix_${schema}_scheduled_message] ON ${t.scheduled} (message)`,
  ),

  table(
    t.snapshots,
    `-- SHA-256 of tenant, stream and name.
     snapshot binary(32) NOT NULL,
     schema_version int NOT NULL,
     version int NOT NULL,
     event_id nvarchar(1000) ${text} NOT NULL,
     state nvarchar(max) NOT NULL,
     CONSTRAINT [pk_${schema}_snapshots] PRIMARY KEY (snapshot, schema_version)`,
  ),

  table(
    t.subscriptions,
    `subscription nvarchar(400) ${text} NOT NULL,
     partition int NOT NULL,
     -- NULL: nobody.
     owner nvarchar(400) ${text} NULL,
     epoch int NOT NULL,
     lease_until bigint NOT NULL,
     position varchar(20) ${text} NULL,
     entry_id nvarchar(1000) ${text} NULL,
     evidence nvarchar(max) ${text} NULL,
     moved_at bigint NULL,
     -- All that is asked is about one subscription, and mostly one partition of it.
     CONSTRAINT [pk_${schema}_subscriptions] PRIMARY KEY (subscription, partition)`,
  ),
  // Who has asked for partitions, and until when that counts for the fair share.
  table(
    t.owners,
    `subscription nvarchar(225) ${text} NOT NULL,
     owner nvarchar(200) ${text} NOT NULL,
     until bigint NOT NULL,
     CONSTRAINT [pk_${schema}_owners] PRIMARY KEY (subscription, owner)`,
  ),
  table(
    t.parked,
    `place bigint IDENTITY NOT NULL CONSTRAINT [pk_${schema}_parked] PRIMARY KEY,
     subscription nvarchar(400) ${text} NOT NULL,
     partition int NOT NULL,
     -- SHA-256 of the key, which may be long.
     key_id binary(32) NOT NULL,
     position varchar(20) ${text} NOT NULL,
     parked_key nvarchar(max) NOT NULL,
     message_id nvarchar(1000) ${text} NOT NULL,
     name nvarchar(1000) ${text} NOT NULL,
     -- JSON, or NULL.
     copy nvarchar(max) NULL,
     failure nvarchar(max) NULL,
     parked_at bigint NOT NULL,
     due_at bigint NULL,
     -- 1 for the first of its key.
     is_head bit NOT NULL,
     -- 1 for a head that nothing holds back.
     is_free bit NOT NULL,
     -- What an operator said: 'retry', 'discard' or NULL.
     wish varchar(10) NULL`,
    // A key's queue; that nothing is parked twice.
    `CREATE UNIQUE INDEX [ux_${schema}_parked_key] ON ${t.parked} (subscription, partition, key_id, position)`,
  ),
  table(
    t.discarded,
    `place bigint IDENTITY NOT NULL CONSTRAINT [pk_${schema}_discarded] PRIMARY KEY,
     subscription nvarchar(400) ${text} NOT NULL,
     partition int NOT NULL,
     key_id binary(32) NOT NULL,
     position varchar(20) ${text} NOT NULL,
     parked_key nvarchar(max) NOT NULL`,
    // That a discard is remembered once, and those of one subscription for its rebuild.
    `CREATE UNIQUE INDEX [ux_${schema}_discarded] ON ${t.discarded} (subscription, key_id, position)`,
  ),

  table(
    t.copies,
    `copy int IDENTITY NOT NULL CONSTRAINT [pk_${schema}_copies] PRIMARY KEY,
     model nvarchar(400) ${text} NOT NULL,
     version int NOT NULL,
     generation int NOT NULL,
     state varchar(20) NOT NULL,
     since bigint NOT NULL,
     -- The declared indexes, as JSON.
     indexes nvarchar(max) NOT NULL`,
    // By their names: a handful of rows, of which each is there once.
    `CREATE UNIQUE INDEX [ux_${schema}_copies] ON ${t.copies} (model, version, generation)`,
  ),
  // Copies that are gone, while their documents are being removed bit by bit.
  table(t.dropped, `copy int NOT NULL CONSTRAINT [pk_${schema}_dropped] PRIMARY KEY`),
  table(
    t.documents,
    `copy int NOT NULL,
     -- SHA-256 of tenant and id.
     document binary(32) NOT NULL,
     tenant nvarchar(200) ${text} NOT NULL,
     id nvarchar(500) ${text} NOT NULL,
     -- NULL for a tombstone.
     body nvarchar(max) NULL,
     marks varchar(max) NOT NULL,
     -- Another one with each write, and never one that was there before.
     revision uniqueidentifier NOT NULL,
     deleted_at bigint NULL,
     -- SHA-256 of where it stands in the declared indexes; NULL: nowhere.
     entries binary(32) NULL,
     -- Loaded and written by their ids, a batch at a time.
     CONSTRAINT [pk_${schema}_documents] PRIMARY KEY (copy, document)`,
    // All documents of a tenant, in the order of their ids.
    `CREATE INDEX [ix_${schema}_documents_id] ON ${t.documents} (copy, tenant, id)`,
    // The cleaner's: tombstones, the oldest first. Only they have the time, so the index is as small as they are few.
    `CREATE INDEX [ix_${schema}_documents_deleted] ON ${t.documents} (copy, deleted_at) WHERE deleted_at IS NOT NULL`,
  ),
  table(
    t.document_index,
    `place bigint IDENTITY NOT NULL,
     copy int NOT NULL,
     -- SHA-256 of tenant, index name and the values compared.
     entry binary(32) NOT NULL,
     -- 0: nothing, 1: a number, 2: a text; in this order.
     sort_kind tinyint NOT NULL,
     sort_number float NOT NULL,
     sort_text nvarchar(300) ${text} NOT NULL,
     id nvarchar(500) ${text} NOT NULL,
     document binary(32) NOT NULL,
     CONSTRAINT [pk_${schema}_document_index] PRIMARY KEY (copy, document, place)`,
    // A page of what is found, in its order.
    `CREATE INDEX [ix_${schema}_document_index_entry] ON ${t.document_index} (copy, entry, sort_kind, sort_number, sort_text, id)`,
  ),
];

/** All steps. A database remembers how many of them it has seen. */
const schemaSteps: readonly { readonly name: string; readonly batches: SchemaStep }[] = [
  { name: '0001-tables', batches: makeTables },
];

export const currentSchemaVersion = schemaSteps.length;

export interface SchemaScriptOptions {
  /** Default `diptych`. */
  readonly schema?: string;
  /** How many partitions the journal gets. It never changes afterwards. Default 32. */
  readonly partitions?: number;
}

export interface SchemaScript {
  /** `0001-tables`: scripts are run in the order of their numbers. */
  readonly name: string;
  /** T-SQL with `GO` between its batches, for `sqlcmd` and the like. Running it again changes nothing. */
  readonly sql: string;
}

/** The migration scripts, for those who let nobody but a person change a schema. `provision: 'create'` runs the same. */
export function sqlSchemaScripts(options: SchemaScriptOptions = {}): readonly SchemaScript[] {
  return schemaSteps.map(({ name }, index) => ({
    name,
    sql: `${stepBatches(index, options).join('\nGO\n')}\nGO\n`,
  }));
}

/** What step number `index` runs, its own number last. */
export function stepBatches(
  index: number,
  { schema = defaultSchema, partitions = defaultPartitionCount }: SchemaScriptOptions,
): readonly string[] {
  const tables = tablesIn(schema);
  assertPartitionCount(partitions);
  const seen = `UPDATE ${tables.meta} SET value = '${index + 1}' WHERE name = 'schema-version' AND CAST(value AS int) < ${index + 1}`;
  return [...schemaSteps[index]!.batches(tables, schema, partitions), seen];
}

// A table and its indexes in one batch, guarded by the table: guards by the names of indexes differ among servers.
function table(name: string, columns: string, ...indexes: readonly string[]): string {
  const made = [`CREATE TABLE ${name} (\n     ${columns}\n   )`, ...indexes];
  return `IF OBJECT_ID('${name.replaceAll(/[[\]]/g, '')}') IS NULL\n BEGIN\n   ${made.join(';\n   ')};\n END`;
}
