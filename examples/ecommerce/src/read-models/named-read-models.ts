import type { ReadModelStore } from '@diptych/core';
import type { Connection, Tell } from '../services/connections.js';
import type { ShopOptions } from '../shop-options.js';
import type { ShopStorage } from '../storage/shop-storage.js';
import { cosmosOf, redisOf, searchOf } from './read-model-connections.js';
import { noReadModels, type ShopReadModels, together } from './shop-read-models.js';

export type ReadModelOptions = Pick<ShopOptions, 'profile' | 'redis' | 'cosmos' | 'search'>;

/** Where the options say: each place is asked for in turn, and what was opened is closed where a later one fails. */
export async function namedReadModels(
  options: ReadModelOptions,
  { database }: Pick<ShopStorage, 'database'>,
  tell: Tell,
): Promise<ShopReadModels> {
  let all = noReadModels;
  const places = [
    async () => opened(await redisOf(options, tell), inRedis),
    async () => opened(await cosmosOf(options, tell), inCosmos),
    async () => opened(await searchOf(options, tell), inSearch(all.documents ?? database.readModels)),
  ];
  for (const open of places) {
    try {
      all = together(all, await open());
    } catch (error) {
      await all.close();
      throw error;
    }
  }
  return all;
}

// What is not used is not loaded either.

async function inRedis(url: string): Promise<ShopReadModels> {
  return (await import('./redis-read-models.js')).redisReadModels(url);
}

async function inCosmos(connectionString: string): Promise<ShopReadModels> {
  return (await import('./cosmos-read-models.js')).cosmosShopReadModels(connectionString);
}

function inSearch(kept: ReadModelStore) {
  return async (service: { readonly endpoint: string; readonly key: string }): Promise<ShopReadModels> =>
    (await import('./search-read-models.js')).searchReadModels(service, kept);
}

async function opened<T>(
  connection: Connection<T> | undefined,
  open: (to: T) => Promise<ShopReadModels>,
): Promise<ShopReadModels> {
  if (connection === undefined) return noReadModels;
  try {
    return together({ ...noReadModels, close: () => connection.close() }, await open(connection.to));
  } catch (error) {
    await connection.close();
    throw error;
  }
}
