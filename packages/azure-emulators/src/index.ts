export type { Clock } from './clock/clock.js';
export { ManualClock } from './clock/manual-clock.js';
export type { OperationCounts } from './cosmos/charges/operation-counts.js';
export type { ThroughputLimits } from './cosmos/charges/throughput.js';
export type {
  CosmosConfig,
  CosmosDatabaseConfig,
  CosmosOptions,
  RunningCosmos,
  ThrottleOptions,
} from './cosmos/cosmos-options.js';
export type { CosmosOperation } from './cosmos/http/operation-kind.js';
export { startCosmos } from './cosmos/start-cosmos.js';
export type {
  DeadLetter,
  EventGridConfig,
  EventGridOptions,
  EventGridTopicConfig,
  EventSubscriptionConfig,
  RunningEventGrid,
} from './event-grid/event-grid-options.js';
export { startEventGrid } from './event-grid/start-event-grid.js';
export {
  type FaultKind,
  FaultPlan,
  type FaultPlanOptions,
  type FaultPoint,
  type FaultRule,
} from './faults/fault-plan.js';
export { type FindRedisOptions, findRedis } from './redis/find-redis.js';
export type { RedisProgram } from './redis/redis-program.js';
export { type RedisOptions, type RedisTlsFiles, type RunningRedis, startRedis } from './redis/start-redis.js';
export {
  type RedisClusterOptions,
  type RunningRedisCluster,
  startRedisCluster,
} from './redis/start-redis-cluster.js';
export { startRedisReplica } from './redis/start-redis-replica.js';
export type { SearchOperationCounts } from './search/http/operation-counts.js';
export type { SearchOperation } from './search/http/operation-kind.js';
export type {
  RunningSearch,
  SearchConfig,
  SearchOptions,
  SearchThrottleOptions,
} from './search/search-options.js';
export { startSearch } from './search/start-search.js';
export type { Right, SharedAccessKey } from './service-bus/access/shared-access-keys.js';
export type {
  EmulatorConfig,
  EntityConfig,
  RuleConfig,
  SubscriptionConfig,
  TopicConfig,
} from './service-bus/config/emulator-config.js';
export type { RunningServiceBus, ServiceBusOptions } from './service-bus/service-bus-options.js';
export { startServiceBus } from './service-bus/start-service-bus.js';
