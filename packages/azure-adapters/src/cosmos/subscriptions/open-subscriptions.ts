import type { ContainerDefinition, Database } from '@azure/cosmos';
import { type Clock, DiptychError, type SubscriptionStore, systemClock } from '@diptych/core';
import { CosmosSubscriptionStore } from './cosmos-subscription-store.js';
import { storeError } from './subscription-errors.js';
import { partitionKeyPath, subscriptionsContainer } from './subscriptions-container.js';

export interface CosmosSubscriptionsOptions {
  /** A database of `@azure/cosmos`. Its client stays the program's, which disposes of it. */
  readonly database: Database;
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

/** Strong enough that what was written is read under its session token. */
const fitConsistencies: readonly string[] = ['Strong', 'BoundedStaleness', 'Session'];

/**
 * Checkpoints, leases and parked messages in a container of Cosmos DB, so that a read side needs no SQL.
 * @throws DiptychError `subscriptions-container` where the container is missing or made otherwise,
 *   `subscriptions-account` where its consistency is weaker than `Session`, or several regions write; UnavailableError.
 */
export async function cosmosSubscriptions({
  database,
  container = 'subscriptions',
  provision = 'create',
  clock = systemClock,
}: CosmosSubscriptionsOptions): Promise<SubscriptionStore> {
  await requireFitAccount(database);
  requireFit(container, await definitionOf(database, container, provision));
  return new CosmosSubscriptionStore(database.container(container), clock);
}

async function definitionOf(
  database: Database,
  id: string,
  provision: 'create' | 'validate',
): Promise<ContainerDefinition> {
  try {
    const { resource } =
      provision === 'create'
        ? await database.containers.createIfNotExists(subscriptionsContainer(id))
        : await database.container(id).read();
    if (resource !== undefined) return resource;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 404) throw storeError(error);
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

async function requireFitAccount(database: Database): Promise<void> {
  const { resource } = await database.client.getDatabaseAccount().catch((error: unknown) => {
    throw storeError(error);
  });
  const { consistencyPolicy, enableMultipleWritableLocations } = resource ?? {};
  if (consistencyPolicy !== undefined && !fitConsistencies.includes(consistencyPolicy))
    throw unfitAccount(`its default consistency is ${consistencyPolicy}, weaker than Session`);
  // Two regions would each let an owner write, and the service would keep one of the two.
  if (enableMultipleWritableLocations) throw unfitAccount('several regions write');
}

function unfitAccount(why: string): DiptychError {
  return new DiptychError({
    code: 'subscriptions-account',
    message: `The account cannot keep subscriptions: ${why}.`,
  });
}

function unfit(id: string, what: string): DiptychError {
  return new DiptychError({
    code: 'subscriptions-container',
    message: `The container '${id}' of subscriptions ${what}.`,
    details: { container: id },
  });
}
