import { cosmosDatabase, cosmosReadModels } from '@diptych/azure-adapters/cosmos';
import type { ShopReadModels } from './shop-read-models.js';

// #region read-models
/** The lists of orders in Cosmos DB: they are asked for by customer and by status, in the order of their dates. */
export async function cosmosShopReadModels(connection: string): Promise<ShopReadModels> {
  const database = await cosmosDatabase({ connection, database: 'shop' });
  const readModels = await cosmosReadModels({ database });
  return {
    stores: { 'order-list': readModels },
    documents: readModels,
    close: () => database.close(),
  };
}
// #endregion
