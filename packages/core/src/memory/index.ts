// database
export type { MemoryDatabase, MemoryDatabaseOptions } from './memory-database.js';
export { memoryDatabase } from './memory-database.js';
export type { MemoryTable, MemoryTransaction } from './memory-tables.js';
export type { MemoryWriteStore } from './memory-write-store.js';
