export type { HeldBackJournal, OpenTransaction } from './held-back.js';
export type { SqlDatabase } from './sql-database.js';
export { sqlDatabase } from './sql-database.js';
export type { SqlConnection, SqlDatabaseOptions, SqlMigration } from './sql-options.js';
export type { SqlParameter } from './sql-parameters.js';
export type { SqlReadModelHandle } from './sql-read-model.js';
export type { SchemaScript, SchemaScriptOptions } from './sql-schema.js';
export { sqlSchemaScripts } from './sql-schema.js';
export type { SqlTransaction } from './sql-transaction.js';
