export type { SqliteChange } from './sqlite-client.js';
export type { SqliteDatabase } from './sqlite-database.js';
export { sqliteDatabase } from './sqlite-database.js';
export type { DriverDatabase, DriverStatement, SqliteDriver, SqliteValue } from './sqlite-driver.js';
export { loadDriver } from './sqlite-driver.js';
export type { Durability, SqliteDatabaseOptions, SqliteMigration } from './sqlite-options.js';
export type { SqliteReadModelHandle } from './sqlite-read-model.js';
export type { SqliteRows, SqliteStatement, SqliteTransaction } from './sqlite-transaction.js';
