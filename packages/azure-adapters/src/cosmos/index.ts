export type { SqlText } from './queries/asked-sql.js';
export type { SqlFragment, SqlValue } from './queries/sql-fragment.js';
export { sql } from './queries/sql-fragment.js';
export type { CosmosQueryOptions, CosmosRows } from './read-models/document-query.js';
export { inCosmos } from './read-models/in-cosmos.js';
export type { CosmosReadModelHandle } from './read-models/native-handle.js';
export type { CosmosReadModelsOptions } from './read-models/open-read-models.js';
export { cosmosReadModels } from './read-models/open-read-models.js';
export type { PartitionBy } from './read-models/placement.js';
export { cosmosClientOptions } from './requests/cosmos-client.js';
export type { CosmosDatabase } from './requests/cosmos-database.js';
export { cosmosDatabase } from './requests/cosmos-database.js';
export type {
  CosmosConnection,
  CosmosCredential,
  CosmosDatabaseOptions,
  CosmosRequestOptions,
  ThrottlingOptions,
} from './requests/cosmos-options.js';
export type { CosmosSubscriptionsOptions } from './subscriptions/open-subscriptions.js';
export { cosmosSubscriptions } from './subscriptions/open-subscriptions.js';
