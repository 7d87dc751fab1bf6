export type { CosmosSubscriptionsOptions } from './subscriptions/open-subscriptions.js';
export { cosmosSubscriptions } from './subscriptions/open-subscriptions.js';
