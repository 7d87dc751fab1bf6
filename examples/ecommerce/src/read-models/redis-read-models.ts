import { redisDatabase } from '@diptych/azure-adapters/redis';
import type { ShopReadModels } from './shop-read-models.js';

// #region read-models
/** The details of orders in Redis: they are looked up one by one, by their ids. */
export async function redisReadModels(url: string): Promise<ShopReadModels> {
  const redis = await redisDatabase({ connection: url, prefix: 'shop' });
  return { stores: { 'order-details': redis.readModels }, close: () => redis.close() };
}
// #endregion
