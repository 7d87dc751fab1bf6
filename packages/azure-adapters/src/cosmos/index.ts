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
