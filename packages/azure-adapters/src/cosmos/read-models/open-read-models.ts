import type { ContainerDefinition } from '@azure/cosmos';
import { type Clock, DiptychError, type ReadModelStore, systemClock } from '@diptych/core';
import type { CosmosDatabase } from '../requests/cosmos-database.js';
import { cosmosError } from '../requests/cosmos-errors.js';
import { madeOnce } from '../requests/made-once.js';
import { requestFailure } from '../requests/request-failure.js';
import { CosmosReadModelStore } from './cosmos-read-model-store.js';
import { defaultMaxDocumentBytes } from './document-size.js';
import type { PartitionBy } from './placement.js';
import { partitionKeyPaths, readModelsContainer } from './read-models-container.js';

export interface CosmosReadModelsOptions {
  readonly database: CosmosDatabase;
  /** The container of all copies of all read models, in which nothing else is. Default `read-models`. */
  readonly container?: string;
  /**
   * - `create`: makes the container when it is not there; needs the right to, which a token credential does not give.
   * - `validate`: only looks whether it is there, and fit.
   *
   * Default `create`.
   */
  readonly provision?: 'create' | 'validate';
  /**
   * By projection, which documents share a logical partition. A copy keeps to what it was made with: a change takes
   * effect with the next version or rebuild. Default `document`: none does.
   */
  readonly partitionBy?: Readonly<Record<string, PartitionBy>>;
  /** The largest document, in bytes of JSON. Default and at most 1,900,000: an item has 2 MB, with all that it takes. */
  readonly maxDocumentBytes?: number;
  /** The program's clock. Ages of copies and tombstones are by the service's. */
  readonly clock?: Clock;
}

/**
 * Read models in a container of Cosmos DB.
 * @throws DiptychError `read-models-container` where the container is missing or made otherwise, `cosmos-sdk`;
 *   `database-forbidden`, `throttled`; UnavailableError.
 */
export async function cosmosReadModels({
  database,
  container = 'read-models',
  provision = 'create',
  partitionBy = {},
  maxDocumentBytes = defaultMaxDocumentBytes,
  clock = systemClock,
}: CosmosReadModelsOptions): Promise<ReadModelStore> {
  requireFit(container, await definitionOf(database, container, provision));
  return new CosmosReadModelStore({
    container: database.native.container(container),
    clock,
    maxDocumentBytes: Math.min(maxDocumentBytes, defaultMaxDocumentBytes),
    partitionBy: (model) => (Object.hasOwn(partitionBy, model) ? partitionBy[model]! : 'document'),
  });
}

async function definitionOf(
  { native }: CosmosDatabase,
  id: string,
  provision: 'create' | 'validate',
): Promise<ContainerDefinition> {
  try {
    const { resource } =
      provision === 'create'
        ? await madeOnce(() => native.containers.createIfNotExists(readModelsContainer(id)))
        : await native.container(id).read();
    if (resource !== undefined) return resource;
  } catch (error) {
    if (requestFailure(error).status !== 404)
      throw cosmosError(error, { doing: 'open read models', container: id });
  }
  throw unfit(id, 'is not there');
}

function requireFit(id: string, { partitionKey, defaultTtl, indexingPolicy }: ContainerDefinition): void {
  const paths = partitionKey?.paths ?? [];
  if (paths.join() !== partitionKeyPaths.join())
    throw unfit(id, `has the partition key ${paths.join(', ')}, and needs ${partitionKeyPaths.join(', ')}`);
  // Documents and their marks would go away by themselves.
  if (defaultTtl !== undefined && defaultTtl !== -1)
    throw unfit(id, `lets items live for ${defaultTtl} s, and must have no time to live`);
  if (indexingPolicy?.indexingMode === 'none') throw unfit(id, 'has no index');
}

function unfit(id: string, what: string): DiptychError {
  return new DiptychError({
    code: 'read-models-container',
    message: `The container '${id}' of read models ${what}.`,
    details: { container: id },
  });
}
