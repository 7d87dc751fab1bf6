import { fileURLToPath } from 'node:url';
import { type Connection, connectionTo, type Tell } from '../services/connections.js';
import { startEmulator } from '../services/emulators.js';
import type { ShopOptions } from '../shop-options.js';
import type { SearchService } from './search-read-models.js';

/** Where a Redis is unpacked that is not installed. */
const cacheFolder = fileURLToPath(new URL('../../../../.cache', import.meta.url));

/** The Redis that the options name. With emulators it is a real one, where there is one to be had. */
export async function redisOf(
  { profile, redis }: Pick<ShopOptions, 'profile' | 'redis'>,
  tell: Tell,
): Promise<Connection<string> | undefined> {
  if (redis !== undefined) return connectionTo(redis);
  if (profile !== 'emulated') return undefined;
  const { findRedis, startRedis } = await import('@diptych/azure-emulators');
  const program = await findRedis({ cacheFolder });
  if (program === undefined) return undefined;
  const server = await startRedis(program);
  tell('SHOP_REDIS', server.url);
  return { to: server.url, close: () => server.stop() };
}

/** The account of Cosmos DB that the options name. */
export async function cosmosOf(
  { profile, cosmos }: Pick<ShopOptions, 'profile' | 'cosmos'>,
  tell: Tell,
): Promise<Connection<string> | undefined> {
  if (cosmos !== undefined) return connectionTo(cosmos);
  if (profile !== 'emulated') return undefined;
  const { connectionString, stop } = await startEmulator('cosmos');
  tell('SHOP_COSMOS', connectionString);
  return { to: connectionString, close: async () => void (await stop()) };
}

/** The AI Search service that the options name. */
export async function searchOf(
  { profile, search }: Pick<ShopOptions, 'profile' | 'search'>,
  tell: Tell,
): Promise<Connection<SearchService> | undefined> {
  if (search !== undefined) return connectionTo(search);
  if (profile !== 'emulated') return undefined;
  const { connectionString, stop } = await startEmulator('search');
  const [, endpoint, key] = /^Endpoint=(.+);Key=(.+)$/.exec(connectionString) as unknown as readonly string[];
  tell('SHOP_SEARCH', connectionString);
  return { to: { endpoint: String(endpoint), key: String(key) }, close: async () => void (await stop()) };
}
