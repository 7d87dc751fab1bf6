// app
export type { App, ExposedMessage, StopOptions } from './app/app.js';
export type {
  AppDescription,
  MessageDescription,
  QueryDescription,
  ReadModelDescription,
  SubscriptionDescription,
} from './app/app-description.js';
export { diagramOf } from './app/app-diagram.js';
export type {
  AppOptions,
  CommandSettings,
  MessageSettings,
  QuerySettings,
  SubscriptionSettings,
} from './app/app-options.js';
export type { CommandStatus, SentCommand } from './app/command-status.js';
export { createApp } from './app/create-app.js';
export type { Database, WritableDatabase } from './app/database.js';
export type { JournalSize, Operations } from './app/operations.js';
export type { AnyRegistration, HandlerSourceOrRegistration } from './app/registrations.js';
export { allRoles, type Role } from './app/role.js';
export { StartUpError } from './app/start-up-error.js';

// clock
export type { Clock, TimerOptions } from './clock/clock.js';
export { sleep } from './clock/clock.js';
export type { Deadline } from './clock/deadlines.js';
export { Deadlines } from './clock/deadlines.js';
export { systemClock } from './clock/system-clock.js';

// commands
export type { CommandBehaviorsOptions } from './commands/command-behaviors.js';
export { commandBehaviors } from './commands/command-behaviors.js';
export type { CommandBus, DispatchOptions, SendCommandOptions } from './commands/command-bus.js';
export type { CommandConsumerOptions } from './commands/command-consumer.js';
export { CommandConsumer, commandSubscription } from './commands/command-consumer.js';
export type { CommandContext, PrepareContext } from './commands/command-context.js';
export { CommandMessageContext } from './commands/command-context.js';
export type {
  CommandHandlerOptions,
  CommandRegistration,
  FunctionCommandHandlerOptions,
  HandlesCommand,
} from './commands/command-handler.js';
export { CommandHandler, commandHandler } from './commands/command-handler.js';
export type { SentCommandId, WaitForOutcomeOptions } from './commands/command-outcome.js';
export { findOutcome, waitForOutcome } from './commands/command-outcome.js';
export type { CommandBusOptions, RunningCommandBus } from './commands/create-command-bus.js';
export { createCommandBus } from './commands/create-command-bus.js';
export type { IdempotencyBehaviorOptions } from './commands/idempotency-behavior.js';
export { idempotencyBehavior } from './commands/idempotency-behavior.js';
export type { InboxCleanerOptions } from './commands/inbox-cleaner.js';
export { InboxCleaner } from './commands/inbox-cleaner.js';
export type { Receipt } from './commands/receipt.js';
export type { SchedulerOptions } from './commands/scheduler.js';
export { Scheduler } from './commands/scheduler.js';
export { aroundPrepare, unitOfWorkBehavior } from './commands/unit-of-work-behavior.js';

// deciders
export { Aggregate } from './deciders/aggregate.js';
export type { AggregateRepositoryOptions } from './deciders/aggregate-repository.js';
export { AggregateRepository } from './deciders/aggregate-repository.js';
export type { Decided, DecideOptions } from './deciders/decide-and-append.js';
export { decideAndAppend } from './deciders/decide-and-append.js';
export type { Decider } from './deciders/decider.js';
export { decider } from './deciders/decider.js';
export type { StateFold, StreamState } from './deciders/fold.js';
export { loadState } from './deciders/fold.js';
export type { HandleWithOptions } from './deciders/handle-with.js';
export { handleWith } from './deciders/handle-with.js';
export type { SnapshotOptions } from './deciders/snapshot-options.js';
export type { Snapshot, SnapshotKey, SnapshotStore } from './deciders/snapshot-store.js';

// errors
export type { DiptychErrorOptions, FaultOrigin } from './errors/diptych-error.js';
export { DiptychError, isDiptychError } from './errors/diptych-error.js';
export { ConcurrencyConflictError, ForbiddenError, RefusedError } from './errors/domain-errors.js';
export {
  FencedError,
  OutcomeUnknownError,
  TimeLimitError,
  UnavailableError,
} from './errors/infrastructure-errors.js';
export { ProgrammingError } from './errors/programming-errors.js';

// events
export type { EventBehaviorsOptions } from './events/event-behaviors.js';
export { eventBehaviors } from './events/event-behaviors.js';
export type { EventConsumerOptions } from './events/event-consumer.js';
export { EventConsumer } from './events/event-consumer.js';
export type { EventContext, PrepareEventContext } from './events/event-context.js';
export type {
  EventHandlerOptions,
  EventHandlerRegistration,
  EventKey,
  FunctionEventHandlerOptions,
  HandlesEvent,
} from './events/event-handler.js';
export { EventHandler, eventHandler, eventHandlerSubscription } from './events/event-handler.js';
export type { UnjournalledHandler } from './events/unjournalled-events.js';
export { UnjournalledEvents } from './events/unjournalled-events.js';

// handlers
export type { BindFactoryOptions, Binding } from './handlers/binding.js';
export { bind, bindFactory } from './handlers/binding.js';
export { auditHandlers } from './handlers/handler-audit.js';
export type { HandlerInstance } from './handlers/handler-instance.js';
export { handlerInstances } from './handlers/handler-instance.js';
export type { Injectable, Injected, Token } from './handlers/injection.js';
export { token } from './handlers/injection.js';
export type { InversifyContainer } from './handlers/inversify-class.js';
export type { InjectableClass, Matches } from './handlers/matching.js';
export type { Policy, PolicyContext } from './handlers/policy.js';
export { anyone, authenticated, hasRole, internal, policy } from './handlers/policy.js';
export type {
  HandlerSource,
  Lifetime,
  MessageHandlerRegistration,
  RegistrationBase,
} from './handlers/registration.js';
export { attachRegistration, registrationOf } from './handlers/registration.js';
export type { ResolverOptions } from './handlers/resolver.js';
export { Resolver } from './handlers/resolver.js';
export type { ServiceDefinition, ServiceOptions } from './handlers/service.js';
export { Service, service } from './handlers/service.js';

// journal
export type { Checkpoint } from './journal/checkpoint.js';
export type { Consistency, ConsistencyToken, WrittenRange } from './journal/consistency-token.js';
export { consistencyToken, formatConsistency, parseConsistency } from './journal/consistency-token.js';
export type { JournalEntry, RecordedCommand, RecordedEvent } from './journal/journal-entry.js';
export type {
  Backlog,
  JournalInfo,
  JournalReader,
  PartitionSlice,
  ReadFrom,
  ReadLimits,
} from './journal/journal-reader.js';

// messages
export type { CommandOptions, CommandType } from './messages/command.js';
export { command } from './messages/command.js';
export type { Envelope, MessageMeta } from './messages/envelope.js';
export type { EnvelopeFactoryOptions } from './messages/envelope-factory.js';
export { EnvelopeFactory } from './messages/envelope-factory.js';
export type { EventOptions, EventType } from './messages/event.js';
export { event } from './messages/event.js';
export type {
  Command,
  DataOf,
  Event,
  Message,
  MessageDefinition,
  MessageKind,
  MessageType,
  Query,
  ResultOf,
  Upcaster,
} from './messages/message.js';
export { definitionOf } from './messages/message.js';
export type { EncodedMessage } from './messages/message-codec.js';
export { decodeMessage, encodeData, UnreadableMessageError } from './messages/message-codec.js';
export type { MessageOptions } from './messages/message-options.js';
export { MessageRegistry } from './messages/message-registry.js';
export type { QueryOptions, QueryType } from './messages/query.js';
export { query } from './messages/query.js';
export type { InputOf, OutputOf, Schema, SchemaFault } from './messages/schema.js';
export { InvalidMessageError } from './messages/schema.js';
export { unstableSchemas } from './messages/schema-stability.js';
export { restored, stored } from './messages/stored-text.js';
export type { Subject } from './messages/subject.js';
export { anonymous, defaultTenant, system } from './messages/subject.js';
// mirrors
export type {
  DocumentSink,
  MirrorChange,
  MirrorEntriesPage,
  MirrorEntriesQuery,
  MirrorEntry,
  MirrorOutcome,
  MirrorStamp,
} from './mirrors/document-sink.js';
export type { MirrorRefusal } from './mirrors/mirror-errors.js';
export { MirrorRefusedError } from './mirrors/mirror-errors.js';
export type { MirroredHandle } from './mirrors/mirrored-read-model.js';
export type { MirroredStoreOptions } from './mirrors/mirrored-store.js';
export { mirroredStore } from './mirrors/mirrored-store.js';
// partitions
export { murmur3 } from './partitions/murmur3.js';
export { assertPartitionCount, defaultPartitionCount, partitionOf } from './partitions/partition.js';
export type { Position } from './partitions/position.js';
export { asPosition, maxEventsPerUnit, partsOf, positionAt, positionLength } from './partitions/position.js';
// pipeline
export type { Abortable } from './pipeline/abortable.js';
export { authorizationBehavior } from './pipeline/authorization-behavior.js';
export type { Behavior, HandlingContext, Step } from './pipeline/behavior.js';
export type { LoggingBehaviorOptions } from './pipeline/logging-behavior.js';
export { loggingBehavior } from './pipeline/logging-behavior.js';
export { MessageContext } from './pipeline/message-context.js';
export type { RetryBehaviorOptions } from './pipeline/retry-behavior.js';
export { retryBehavior } from './pipeline/retry-behavior.js';
export type { RetryPolicy, RetryRule } from './pipeline/retry-policy.js';
export { defaultCommandRetry, defaultQueryRetry, retryDelayInMs } from './pipeline/retry-policy.js';
export type { PipelineDescription } from './pipeline/router.js';
export type { TimeoutBehaviorOptions } from './pipeline/timeout-behavior.js';
export { AbortedError, timeoutBehavior } from './pipeline/timeout-behavior.js';
export type { TracingBehaviorOptions } from './pipeline/tracing-behavior.js';
export { tracingBehavior } from './pipeline/tracing-behavior.js';
// projections
export type { DefinedProjection } from './projections/define-projection.js';
export { defineProjection } from './projections/define-projection.js';
export type { EventMeta, RecordedEventMeta } from './projections/event-meta.js';
export type { FreshnessOptions, WaitOptions } from './projections/freshness.js';
export { defaultFreshnessTimeoutInMs, Freshness } from './projections/freshness.js';
export {
  BeyondHeadError,
  ForeignConsistencyError,
  FreshnessTimeoutError,
  ParkedInRangeError,
  TooManyWaitingError,
} from './projections/freshness-errors.js';
export type { FoldDecorator, FoldsInto } from './projections/projection.js';
export { On, Projection, projection } from './projections/projection.js';
export type { ProjectionConsumerOptions } from './projections/projection-consumer.js';
export { ProjectionConsumer } from './projections/projection-consumer.js';
export { ProjectionFolds } from './projections/projection-folds.js';
export type { ProjectionHostOptions, ProjectionNotice } from './projections/projection-host.js';
export { ProjectionHost } from './projections/projection-host.js';
export type {
  InjectOptions,
  ProjectionIndexes,
  ProjectionOptions,
} from './projections/projection-options.js';
export type {
  DocumentIdsOf,
  Fold,
  FoldRegistration,
  ProjectionOrdering,
  ProjectionRegistration,
} from './projections/projection-registration.js';
export { isProjectionRegistration } from './projections/projection-registration.js';
export type { ProjectionSource } from './projections/read-model-token.js';
export { projectionRegistrationOf, readModel } from './projections/read-model-token.js';
export type { SwitchOptions } from './projections/rebuild/generation-switch.js';
export type { RebuildProgress, RebuildsOptions } from './projections/rebuild/rebuilds.js';
export { Rebuilds } from './projections/rebuild/rebuilds.js';
export type {
  CopyFeed,
  FeedRequest,
  ProjectionSurroundings,
  RunningProjection,
} from './projections/running-projection.js';
export type { ServingCopiesOptions } from './projections/serving-copies.js';
export { ServingCopies } from './projections/serving-copies.js';
export type { PartitionStaleness, Staleness, StalenessOptions } from './projections/staleness.js';
export { stalenessOf } from './projections/staleness.js';
export { subscriptionNameOf } from './projections/subscription-name.js';
export type { SweeperOptions, SweepNotice } from './projections/sweeper.js';
export { Sweeper } from './projections/sweeper.js';
// queries
export type { QueryCacheBehaviorOptions } from './queries/cache/query-cache-behavior.js';
export { queryCacheBehavior } from './queries/cache/query-cache-behavior.js';
export type { QueryCacheOptions, QueryCacheSettings } from './queries/cache/query-cache-options.js';
export type {
  AnswerClaim,
  KeepOptions,
  LookedUp,
  QueryCacheStore,
  StoredAnswer,
} from './queries/cache/query-cache-store.js';
export type { QueryBusOptions, RunningQueryBus } from './queries/create-query-bus.js';
export { createQueryBus } from './queries/create-query-bus.js';
export type { QueryBehaviorsOptions } from './queries/query-behaviors.js';
export { queryBehaviors } from './queries/query-behaviors.js';
export type { ExecuteQueryOptions, QueryBus } from './queries/query-bus.js';
export type { AnsweredAt, QueryContext } from './queries/query-context.js';
export { QueryMessageContext } from './queries/query-context.js';
export type {
  HandlesQuery,
  QueryHandlerOptions,
  QueryRegistration,
} from './queries/query-handler.js';
export { QueryHandler, queryHandler } from './queries/query-handler.js';
// read-models
export { defaultPageSize, maxPageSize, pageSizeOf, requireIndex } from './read-models/declared-index.js';
export type {
  DocumentChange,
  DocumentId,
  StoredDocument,
  WriteOutcome,
} from './read-models/document.js';
export { documentIdOf, documentKey } from './read-models/document-key.js';
export type { IndexEntry, SortValue } from './read-models/index-entry.js';
export { compareSortValues, indexEntryOf, indexKeyOf } from './read-models/index-entry.js';
export { type Marks, markOf, marksIn, marksOf, noMarks, withMark } from './read-models/marks.js';
export type {
  FieldValues,
  FindOptions,
  FoundPage,
  ReadModel,
  ReadModelDefinition,
  ReadModelIndex,
} from './read-models/read-model.js';
export {
  DocumentsLostError,
  DocumentTooLargeError,
  ReadModelNotReadyError,
} from './read-models/read-model-errors.js';
export type {
  Copy,
  CopyInfo,
  CopyState,
  CopySwitchOptions,
  ReadModelStore,
  ReadModelStoreCapabilities,
  RequiredFreshness,
} from './read-models/read-model-store.js';

// relay
export { publishedMessageId } from './relay/published-message-id.js';
export { relayName, relayToQueue, relayToTopic } from './relay/relay-consumer.js';

// subscriptions
export type { BackoffOptions } from './subscriptions/backoff.js';
export type { ConsumeContext, Consumer, FailedItem, WorkItem } from './subscriptions/consumer.js';
export { JournalRestoredError } from './subscriptions/journal-lookup.js';
export type {
  NewParkedMessage,
  ParkedFailure,
  ParkedMessage,
  ParkedQuery,
  ParkedState,
} from './subscriptions/parked-message.js';
export type { ParkingPolicy, ParkingRule } from './subscriptions/parking-policy.js';
export { defaultParkingPolicy } from './subscriptions/parking-policy.js';
export type { Pump } from './subscriptions/pump.js';
export { PumpLoop } from './subscriptions/pump.js';
export type { PartitionStatus, SubscriptionControl } from './subscriptions/subscription-control.js';
export type { SubscriptionNotice, SubscriptionObserver } from './subscriptions/subscription-notice.js';
export type { SubscriptionOptions } from './subscriptions/subscription-options.js';
export { SubscriptionRunner } from './subscriptions/subscription-runner.js';
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

// telemetry
export type { LineLoggerOptions, LogLevel } from './telemetry/line-logger.js';
export { lineLogger } from './telemetry/line-logger.js';
export type { LogFields, Logger } from './telemetry/logger.js';
export { silentLogger } from './telemetry/logger.js';
export type {
  InstrumentOptions,
  Observation,
  Span,
  SpanOptions,
  Telemetry,
  TelemetryAttributes,
  TraceContext,
} from './telemetry/telemetry.js';

// transports
export { bytesOf, largestEnvelopeBytes } from './transports/message-size.js';
export type {
  BrokerNames,
  Delivery,
  PartitionSession,
  QueueTransport,
  TopicSubscription,
  Transport,
  TransportCapabilities,
  TransportMessage,
} from './transports/transport.js';

// unit-of-work
export { ClaimHolders } from './unit-of-work/claim-holders.js';
export { currentSession, findOpenSession } from './unit-of-work/current-session.js';
export { assertExpectedVersion } from './unit-of-work/expected-version.js';
export type { CommandOutcome, InboxKey, InboxMark, SettledCommand } from './unit-of-work/inbox.js';
export { assertFits } from './unit-of-work/message-size.js';
export type {
  AppendOptions,
  LoadedStream,
  ScheduleOptions,
  SendOptions,
  Session,
} from './unit-of-work/session.js';
export type { StreamId } from './unit-of-work/stream-id.js';
export type { UnitOfWorkOptions } from './unit-of-work/unit-of-work.js';
export { UnitOfWork } from './unit-of-work/unit-of-work.js';
export type {
  ClaimRequest,
  UnitOfWorkRequest,
  UnitOfWorkResult,
} from './unit-of-work/unit-of-work-request.js';
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
  WriteStore,
  WriteStoreOptions,
  WriteTransaction,
} from './unit-of-work/write-store.js';
export { type Release, WriterQueue } from './unit-of-work/writer-queue.js';
