import { assertPartitionCount, defaultPartitionCount, ProgrammingError } from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import type { SqliteMigration } from './sqlite-options.js';
import { currentSchemaVersion, schemaSteps } from './sqlite-schema.js';

export interface Provisioning {
  readonly partitions: number | undefined;
  readonly migrations: readonly SqliteMigration[];
}

/**
 * Whether nothing is left to be done to this file. Changes nothing and needs no lock.
 * @throws ProgrammingError `schema-too-new`, `partitions-fixed`, `migration-changed`.
 */
export function isProvisioned(connection: SqliteConnection, wanted: Provisioning): boolean {
  const version = schemaVersionOf(connection);
  if (version > currentSchemaVersion) throw schemaTooNew(connection.path, version);
  if (version === 0) return false;
  assertSamePartitions(connection, wanted.partitions);
  return version === currentSchemaVersion && undone(connection, wanted.migrations).length === 0;
}

/** Makes the file what this version of the program needs. To be called in a transaction: all of it or nothing. */
export function provision(connection: SqliteConnection, wanted: Provisioning): void {
  // Looked at again: another process may have been first while this one waited for its turn.
  if (isProvisioned(connection, wanted)) return;
  const version = schemaVersionOf(connection);
  if (version === 0) makeMeta(connection, wanted.partitions ?? defaultPartitionCount);
  for (const step of schemaSteps.slice(version)) connection.exec(step);
  writeMeta(connection, 'schema-version', String(currentSchemaVersion));
  for (const { name, sql } of undone(connection, wanted.migrations)) {
    connection.exec(sql);
    if (!connection.isTransaction) throw migrationEndedTransaction(name);
    connection.run('INSERT INTO diptych_migrations (name, sql) VALUES (?, ?)', name, sql);
  }
}

/** A new id for the journal: an operator says that the file was restored to an older point. */
export function renewIncarnation(connection: SqliteConnection): string {
  const incarnation = crypto.randomUUID();
  writeMeta(connection, 'incarnation', incarnation);
  return incarnation;
}

export function readMeta(connection: SqliteConnection, name: string): string | undefined {
  return connection.get<{ value: string }>('SELECT value FROM diptych_meta WHERE name = ?', name)?.value;
}

function makeMeta(connection: SqliteConnection, partitions: number): void {
  assertPartitionCount(partitions);
  connection.exec(`
    CREATE TABLE diptych_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE diptych_migrations (name TEXT PRIMARY KEY, sql TEXT NOT NULL);
  `);
  writeMeta(connection, 'partitions', String(partitions));
  renewIncarnation(connection);
}

function writeMeta(connection: SqliteConnection, name: string, value: string): void {
  connection.run('INSERT OR REPLACE INTO diptych_meta (name, value) VALUES (?, ?)', name, value);
}

function schemaVersionOf(connection: SqliteConnection): number {
  const table = connection.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'diptych_meta'");
  return table === undefined ? 0 : Number(readMeta(connection, 'schema-version'));
}

function undone(
  connection: SqliteConnection,
  migrations: readonly SqliteMigration[],
): readonly SqliteMigration[] {
  const done = new Map(
    connection
      .all<SqliteMigration>('SELECT name, sql FROM diptych_migrations')
      .map(({ name, sql }) => [name, sql]),
  );
  const changed = migrations.find(({ name, sql }) => done.has(name) && done.get(name) !== sql);
  if (changed !== undefined) {
    throw new ProgrammingError(
      'migration-changed',
      `Migration '${changed.name}' has another text than the one that was run on '${connection.path}'. Put the change into a new migration.`,
      { path: connection.path, migration: changed.name },
    );
  }
  return migrations.filter(({ name }) => !done.has(name));
}

function assertSamePartitions(connection: SqliteConnection, wanted: number | undefined): void {
  const partitions = Number(readMeta(connection, 'partitions'));
  if (wanted === undefined || wanted === partitions) return;
  throw new ProgrammingError(
    'partitions-fixed',
    `The journal in '${connection.path}' has ${partitions} partitions, and keeps them; ${wanted} were asked for.`,
    { path: connection.path, partitions, wanted },
  );
}

function schemaTooNew(path: string, version: number): ProgrammingError {
  return new ProgrammingError(
    'schema-too-new',
    `'${path}' was written by a newer version of @diptych/sqlite-adapters (schema ${version}; this one knows ${currentSchemaVersion}). Start that version; nothing was changed.`,
    { path, version, known: currentSchemaVersion },
  );
}

function migrationEndedTransaction(name: string): ProgrammingError {
  return new ProgrammingError(
    'migration-ended-transaction',
    `Migration '${name}' ended the transaction that it runs in: leave out BEGIN, COMMIT and ROLLBACK.`,
    { migration: name },
  );
}
