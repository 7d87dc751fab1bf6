import { ProgrammingError } from '@diptych/core';
import mssql from 'mssql';
import { ask, type SqlParent } from './sql-answer.js';
import { type SqlClient, sessionSettings } from './sql-client.js';
import { decisive, sqlNumber, storeError } from './sql-errors.js';
import type { SqlMigration } from './sql-options.js';
import { indexedName, type SqlParameters, text } from './sql-parameters.js';
import { currentSchemaVersion, stepBatches } from './sql-schema.js';
import type { SqlTables } from './sql-tables.js';

export interface Provisioning {
  readonly mode: 'create' | 'validate';
  readonly schema: string;
  readonly tables: SqlTables;
  readonly partitions: number | undefined;
  readonly migrations: readonly SqlMigration[];
}

/** What a database says of itself. */
export interface SqlMeta {
  readonly partitions: number;
  readonly schemaVersion: number;
}

const noSuchTable = 208;

/**
 * Makes the database what this version of the program needs, or sees that it is.
 * @throws ProgrammingError `schema-too-new`, `schema-missing`, `partitions-fixed`, `migration-changed`; DiptychError
 *   `database-forbidden` where the login may not create. In each case all is as it was.
 */
export async function provision(client: SqlClient, wanted: Provisioning): Promise<SqlMeta> {
  const before = await readMeta(client, wanted.tables);
  const undone = await check(client, before, wanted);
  if (before?.schemaVersion === currentSchemaVersion && undone.length === 0) return before;
  if (wanted.mode === 'validate') throw schemaMissing(wanted, before);
  await create(client, wanted);
  return (await readMeta(client, wanted.tables))!;
}

/** `undefined` where there are no tables of ours. */
async function readMeta(client: SqlClient, { meta }: SqlTables): Promise<SqlMeta | undefined> {
  const { sets, errors } = await client.ask(`SELECT name, value FROM ${meta}`);
  const error = decisive(errors);
  if (sqlNumber(error) === noSuchTable) return undefined;
  if (error !== undefined) throw storeError(error);
  return metaIn((sets[0] ?? []) as unknown as readonly MetaRow[]);
}

type MetaRow = readonly [name: string, value: string];

function metaIn(rows: readonly MetaRow[]): SqlMeta | undefined {
  const values = new Map(rows);
  const version = values.get('schema-version');
  if (version === undefined) return undefined;
  return { partitions: Number(values.get('partitions')), schemaVersion: Number(version) };
}

/** In a transaction, which a table that is not there would end. */
function metaIfThere({ tables: { meta } }: Provisioning): string {
  return `IF OBJECT_ID(N'${meta}') IS NOT NULL EXEC(N'SELECT name, value FROM ${meta}');`;
}

function assertFits(meta: SqlMeta | undefined, { schema, partitions }: Provisioning): void {
  if (meta === undefined) return;
  if (meta.schemaVersion > currentSchemaVersion) throw schemaTooNew(schema, meta.schemaVersion);
  if (partitions !== undefined && partitions !== meta.partitions)
    throw partitionsFixed(schema, meta.partitions, partitions);
}

/** The migrations that are left to run. */
async function check(
  client: SqlClient,
  meta: SqlMeta | undefined,
  wanted: Provisioning,
): Promise<readonly SqlMigration[]> {
  const { tables, migrations } = wanted;
  if (meta === undefined) return migrations;
  assertFits(meta, wanted);
  if (meta.schemaVersion === 0 || migrations.length === 0) return migrations;
  return undoneOf(
    await client.rows<[string, string]>(`SELECT name, sql FROM ${tables.migrations}`),
    migrations,
  );
}

function undoneOf(
  rows: readonly (readonly [string, string])[],
  migrations: readonly SqlMigration[],
): readonly SqlMigration[] {
  const done = new Map(rows);
  const changed = migrations.find((one) => done.has(one.name) && done.get(one.name) !== textOf(one));
  if (changed === undefined) return migrations.filter(({ name }) => !done.has(name));
  throw new ProgrammingError(
    'migration-changed',
    `Migration '${changed.name}' has another text than the one that was run. Put the change into a new migration.`,
    { migration: changed.name },
  );
}

/** All of it or nothing, in one transaction, which those who start at the same time wait for. */
async function create(client: SqlClient, wanted: Provisioning): Promise<void> {
  const transaction = new mssql.Transaction(client.pool);
  await transaction.begin().catch(rethrow);
  try {
    await step(transaction, sessionSettings);
    await step(
      transaction,
      `DECLARE @held int; EXEC @held = sp_getapplock @Resource = 'diptych:${wanted.schema}', @LockMode = 'Exclusive',
         @LockOwner = 'Transaction', @LockTimeout = 60000;
       IF @held < 0 THROW 51007, 'Another process is changing the schema.', 1;`,
    );
    // Others may have changed it meanwhile: a newer program, say.
    const rows: unknown = await step(transaction, metaIfThere(wanted));
    assertFits(metaIn(rows as readonly MetaRow[]), wanted);
    for (let index = 0; index < currentSchemaVersion; index++)
      for (const batch of stepBatches(index, optionsOf(wanted))) await step(transaction, batch);
    await migrate(transaction, wanted);
    await transaction.commit().catch(rethrow);
  } catch (error) {
    await transaction.rollback().catch(() => {});
    throw error;
  }
}

function optionsOf({ schema, partitions }: Provisioning) {
  return partitions === undefined ? { schema } : { schema, partitions };
}

async function migrate(transaction: mssql.Transaction, { tables, migrations }: Provisioning): Promise<void> {
  if (migrations.length === 0) return;
  const rows = await step(transaction, `SELECT name, sql FROM ${tables.migrations}`);
  for (const migration of undoneOf(rows as unknown as readonly (readonly [string, string])[], migrations)) {
    for (const batch of [migration.sql].flat()) await step(transaction, batch);
    const [open] = await step(transaction, 'SELECT @@TRANCOUNT');
    if (open?.[0] !== 1) throw migrationEndedTransaction(migration.name);
    await step(transaction, `INSERT INTO ${tables.migrations} (name, sql) VALUES (@name, @sql)`, {
      name: indexedName(migration.name),
      sql: text(textOf(migration)),
    });
  }
}

async function step(parent: SqlParent, sql: string, parameters: SqlParameters | 'batch' = 'batch') {
  // A step may take its time: an index on a large table, or others who change the schema just now.
  const { sets, errors } = await ask(parent, sql, parameters, { timeoutInMs: 0 });
  const error = decisive(errors);
  if (error !== undefined) throw storeError(error);
  return sets.at(-1) ?? [];
}

function textOf({ sql }: SqlMigration): string {
  return [sql].flat().join('\nGO\n');
}

function rethrow(error: unknown): never {
  throw storeError(error);
}

function schemaTooNew(schema: string, version: number): ProgrammingError {
  return new ProgrammingError(
    'schema-too-new',
    `Schema '${schema}' was made by a newer version of @diptych/azure-adapters (step ${version}; this one knows ${currentSchemaVersion}). Start that version; nothing was changed.`,
    { schema, version, known: currentSchemaVersion },
  );
}

function schemaMissing({ schema }: Provisioning, meta: SqlMeta | undefined): ProgrammingError {
  const state = meta === undefined ? 'has no tables of ours' : 'is not up to date';
  return new ProgrammingError(
    'schema-missing',
    `Schema '${schema}' ${state}. Run the scripts of sqlSchemaScripts() and the program's migrations, or open the database with \`provision: 'create'\`.`,
    { schema, version: meta?.schemaVersion, wanted: currentSchemaVersion },
  );
}

function partitionsFixed(schema: string, partitions: number, wanted: number): ProgrammingError {
  return new ProgrammingError(
    'partitions-fixed',
    `The journal in schema '${schema}' has ${partitions} partitions, and keeps them; ${wanted} were asked for.`,
    { schema, partitions, wanted },
  );
}

function migrationEndedTransaction(name: string): ProgrammingError {
  return new ProgrammingError(
    'migration-ended-transaction',
    `Migration '${name}' ended the transaction that it runs in: leave out BEGIN, COMMIT and ROLLBACK.`,
    { migration: name },
  );
}
