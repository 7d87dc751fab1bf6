export type { ContractFactory, ContractSubject, ContractSuite } from './contract.js';
export { contract } from './contract.js';
export type { ContractMeta } from './contract-meta.js';
export { contractNotRun, describeContract, describeMissingCapability } from './contract-meta.js';
export type { CrashPlan } from './crashing-store.js';
export { CrashedError, crashingStore } from './crashing-store.js';
export { documentSinkContract } from './document-sink-contract.js';
export { inboxContract } from './inbox-contract.js';
export { journalReaderContract } from './journal-reader-contract.js';
export { projectionContract } from './projection-contract.js';
export type { FaultyFactory, FaultySubject } from './projection-faults-contract.js';
export { projectionFaultsContract } from './projection-faults-contract.js';
export type { InterleavedFactory, InterleavedSubject } from './projection-interleavings-contract.js';
export { projectionInterleavingsContract } from './projection-interleavings-contract.js';
export type { ProjectionFactory, ProjectionSubject } from './projection-world.js';
export type { QueryCacheFactory, QueryCacheSubject } from './query-cache-contract.js';
export { queryCacheContract } from './query-cache-contract.js';
export type { QueueFactory, QueueSubject } from './queue-contract.js';
export { queueContract } from './queue-contract.js';
export type {
  ReadModelStoreCapability,
  ReadModelStoreFactory,
  ReadModelStoreSubject,
} from './read-model-fixture.js';
export { readModelStoreContract } from './read-model-store-contract.js';
export { scheduleContract } from './schedule-contract.js';
export type {
  DocumentSinkCapability,
  DocumentSinkFactory,
  DocumentSinkSubject,
  SinkDocument,
} from './sink-fixture.js';
export type { SnapshotStoreSubject } from './snapshot-contract.js';
export { snapshotContract } from './snapshot-contract.js';
export { storeWith } from './store-with.js';
export type { SubscriptionFactory, SubscriptionSubject } from './subscription-contract.js';
export { subscriptionContract } from './subscription-contract.js';
export type { SubscriptionStoreFactory, SubscriptionStoreSubject } from './subscription-store-contract.js';
export { subscriptionStoreContract } from './subscription-store-contract.js';
export type { TransportCapability, TransportFactory, TransportSubject } from './transport-contract.js';
export { transportContract } from './transport-contract.js';
export { unitOfWorkContract } from './unit-of-work-contract.js';
export type {
  HeldCommit,
  WriteSideCapability,
  WriteSideFactory,
  WriteSideSubject,
} from './write-side-subject.js';
export { writeStoreContract } from './write-store-contract.js';
