import type { ShopOptions } from '../shop-options.js';
import { noReadModels, type ShopReadModels } from './shop-read-models.js';

/** Where the options say. */
export async function namedReadModels({ redis }: Pick<ShopOptions, 'redis'>): Promise<ShopReadModels> {
  if (redis === undefined) return noReadModels;
  // What is not used is not loaded either.
  return (await import('./redis-read-models.js')).redisReadModels(redis);
}
