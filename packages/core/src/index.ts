// errors
export type { DiptychErrorOptions, FaultOrigin } from './errors/diptych-error.js';
export { DiptychError, isDiptychError } from './errors/diptych-error.js';
export { ConcurrencyConflictError, ForbiddenError, RefusedError } from './errors/domain-errors.js';
export { FencedError, OutcomeUnknownError, TimeLimitError, UnavailableError } from './errors/infrastructure-errors.js';
export { ProgrammingError } from './errors/programming-errors.js';

// clock
export type { Clock } from './clock/clock.js';
export { sleep } from './clock/clock.js';
export { systemClock } from './clock/system-clock.js';

// partitions
export { murmur3 } from './partitions/murmur3.js';
export { defaultPartitionCount, partitionOf } from './partitions/partition.js';
export type { Position } from './partitions/position.js';
export { asPosition, maxEventsPerUnit, partsOf, positionAt, positionLength } from './partitions/position.js';

// journal
export type { Checkpoint } from './journal/checkpoint.js';
export type { Consistency, ConsistencyToken, WrittenRange } from './journal/consistency-token.js';
export { formatConsistency, parseConsistency } from './journal/consistency-token.js';
export type { JournalEntry, RecordedCommand, RecordedEvent } from './journal/journal-entry.js';
export type {
  Backlog,
  JournalInfo,
  JournalReader,
  PartitionSlice,
  ReadFrom,
  ReadLimits,
} from './journal/journal-reader.js';

// unit-of-work
export type { CommandOutcome, InboxKey, InboxMark, SettledCommand } from './unit-of-work/inbox.js';
export type {
  AppendOptions,
  LoadedStream,
  ScheduleOptions,
  SendOptions,
  Session,
} from './unit-of-work/session.js';
export type {
  AppendToStream,
  CancelScheduled,
  ExpectedVersion,
  ScheduleCommand,
  SendCommand,
  WriteBatch,
} from './unit-of-work/write-batch.js';
export type {
  BeginOptions,
  Claim,
  ClaimOptions,
  Committed,
  LoadStreamOptions,
  MovedDue,
  StreamId,
  WriteStore,
  WriteStoreOptions,
  WriteTransaction,
} from './unit-of-work/write-store.js';

// transports
export type {
  Delivery,
  PartitionSession,
  TopicSubscription,
  Transport,
  TransportCapabilities,
  TransportMessage,
} from './transports/transport.js';

// subscriptions
export type { ConsumeContext, Consumer, FailedItem, WorkItem } from './subscriptions/consumer.js';
export type {
  NewParkedMessage,
  ParkedFailure,
  ParkedMessage,
  ParkedQuery,
  ParkedState,
} from './subscriptions/parked-message.js';
export type {
  Acquired,
  AcquireRequest,
  Discarded,
  FencedOr,
  OwnedPartition,
  Ownership,
  ParkedAddress,
  PartitionState,
  SeizeRequest,
  SubscriptionStore,
} from './subscriptions/subscription-store.js';
export { globalPartition, wholePartition } from './subscriptions/subscription-store.js';
