// database
export type { MemoryDatabase, MemoryDatabaseOptions } from './memory-database.js';
export { memoryDatabase } from './memory-database.js';

// write store
export type { MemoryTable, MemoryTransaction } from './memory-tables.js';
export type { MemoryWriteStore } from './memory-write-store.js';

// read models
export type { MemoryReadModelHandle } from './memory-read-model.js';
export type { MemoryReadModelStoreOptions } from './memory-read-model-store.js';
export { MemoryReadModelStore } from './memory-read-model-store.js';

// subscriptions
export { MemorySubscriptionStore } from './memory-subscription-store.js';

// transport
export type { MemoryTransportOptions } from './memory-transport.js';
export { MemoryTransport, memoryTransport } from './memory-transport.js';
export type { FaultKind, FaultPlan, TransportFaults } from './transport-faults.js';
