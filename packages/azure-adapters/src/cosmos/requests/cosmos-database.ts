import type { CosmosClient, Database } from '@azure/cosmos';
import { DiptychError } from '@diptych/core';
import { openCosmosClient } from './cosmos-client.js';
import { type AskedOf, cosmosError } from './cosmos-errors.js';
import type { CosmosDatabaseOptions } from './cosmos-options.js';
import { madeOnce } from './made-once.js';
import { requestFailure } from './request-failure.js';

/** A database of Cosmos DB and the one client that an app reaches it with. */
export interface CosmosDatabase {
  readonly client: CosmosClient;
  /** The SDK's. */
  readonly native: Database;
  /** Ends the client, where it is not the program's own. To be called when everything that uses it has stopped. */
  close(): Promise<void>;
}

/** Strong enough that what was written is read under its session token. */
const fitConsistencies: readonly string[] = ['Strong', 'BoundedStaleness', 'Session'];

/**
 * Opens a database of Cosmos DB: subscriptions and read models are kept in containers of it.
 * @throws DiptychError `cosmos-account` where the account's consistency is weaker than `Session` or several regions write,
 *   `container-missing` where the database is not there and is not to be made, `database-login`, `database-forbidden`,
 *   `throttled`; UnavailableError.
 */
export async function cosmosDatabase(options: CosmosDatabaseOptions): Promise<CosmosDatabase> {
  const { connection, database: id, provision = 'create', ...requests } = options;
  const { client, dispose } = openCosmosClient(connection, requests);
  try {
    await requireFitAccount(client);
    await requireDatabase(client, id, provision);
  } catch (error) {
    dispose();
    throw error;
  }
  return { client, native: client.database(id), close: async () => dispose() };
}

async function requireDatabase(
  client: CosmosClient,
  id: string,
  provision: 'create' | 'validate',
): Promise<void> {
  const asked: AskedOf = { doing: `open the database '${id}'` };
  try {
    await client.database(id).read();
  } catch (error) {
    if (provision === 'validate' || requestFailure(error).status !== 404) throw cosmosError(error, asked);
    await madeOnce(() => client.databases.createIfNotExists({ id })).catch((failed: unknown) => {
      throw cosmosError(failed, asked);
    });
  }
}

async function requireFitAccount(client: CosmosClient): Promise<void> {
  const { resource } = await client.getDatabaseAccount().catch((error: unknown) => {
    throw cosmosError(error, { doing: 'read the account' });
  });
  const { consistencyPolicy, enableMultipleWritableLocations } = resource ?? {};
  if (consistencyPolicy !== undefined && !fitConsistencies.includes(consistencyPolicy))
    throw unfitAccount(`its default consistency is ${consistencyPolicy}, weaker than Session`);
  // Two regions would each let a writer write, and the service would keep one of the two.
  if (enableMultipleWritableLocations) throw unfitAccount('several regions write');
}

function unfitAccount(why: string): DiptychError {
  return new DiptychError({
    code: 'cosmos-account',
    message: `The account of Cosmos DB cannot keep subscriptions and read models: ${why}.`,
    origin: 'infrastructure',
  });
}
