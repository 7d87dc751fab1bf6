import type { ContainerDefinition } from '@azure/cosmos';
import { type Clock, DiptychError, type SubscriptionStore, systemClock } from '@diptych/core';
import type { CosmosDatabase } from '../requests/cosmos-database.js';
import { cosmosError } from '../requests/cosmos-errors.js';
import { madeOnce } from '../requests/made-once.js';
import { requestFailure } from '../requests/request-failure.js';
import { CosmosSubscriptionStore } from './cosmos-subscription-store.js';
import { partitionKeyPath, subscriptionsContainer } from './subscriptions-container.js';

export interface CosmosSubscriptionsOptions {
  readonly database: CosmosDatabase;
  /** The container of the subscriptions, in which nothing else is. Default `subscriptions`. */
  readonly container?: string;
  /**
   * - `create`: makes the container when it is not there; needs the right to.
   * - `validate`: only looks whether it is there.
   *
   * Default `create`.
   */
  readonly provision?: 'create' | 'validate';
  /** The program's clock. Leases and due times are by the service's. */
  readonly clock?: Clock;
}

/**
 * Checkpoints, leases and parked messages in a container of Cosmos DB, so that a read side needs no SQL.
 * @throws DiptychError `subscriptions-container` where the container is missing or made otherwise, `database-forbidden`,
 *   `throttled`; UnavailableError.
 */
export async function cosmosSubscriptions({
  database,
  container = 'subscriptions',
  provision = 'create',
  clock = systemClock,
}: CosmosSubscriptionsOptions): Promise<SubscriptionStore> {
  requireFit(container, await definitionOf(database, container, provision));
  return new CosmosSubscriptionStore(database.native.container(container), clock);
}

async function definitionOf(
  { native }: CosmosDatabase,
  id: string,
  provision: 'create' | 'validate',
): Promise<ContainerDefinition> {
  try {
    const { resource } =
      provision === 'create'
        ? await madeOnce(() => native.containers.createIfNotExists(subscriptionsContainer(id)))
        : await native.container(id).read();
    if (resource !== undefined) return resource;
  } catch (error) {
    if (requestFailure(error).status !== 404)
      throw cosmosError(error, { doing: 'open subscriptions', container: id });
  }
  throw unfit(id, 'is not there');
}

function requireFit(id: string, { partitionKey, defaultTtl }: ContainerDefinition): void {
  const paths = partitionKey?.paths ?? [];
  if (paths.length !== 1 || paths[0] !== partitionKeyPath)
    throw unfit(id, `has the partition key ${paths.join(', ')}, and needs ${partitionKeyPath}`);
  // Checkpoints and parked messages would go away by themselves.
  if (defaultTtl !== undefined && defaultTtl !== -1)
    throw unfit(id, `lets items live for ${defaultTtl} s, and must have no time to live`);
}

function unfit(id: string, what: string): DiptychError {
  return new DiptychError({
    code: 'subscriptions-container',
    message: `The container '${id}' of subscriptions ${what}.`,
    details: { container: id },
  });
}
