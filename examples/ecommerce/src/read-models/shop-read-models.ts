import type { AppOptions, ReadModelStore } from '@diptych/core';
import type { ProductSearch } from '../catalogue/product-search.js';

/** Read models that are kept elsewhere than in the shop's database, each where its shape fits what is asked. */
export interface ShopReadModels {
  /** By the projections' names. */
  readonly stores: NonNullable<AppOptions['readModels']>;
  /** Where other read models may keep their documents too. Default: in the shop's database. */
  readonly documents?: ReadModelStore | undefined;
  /** Default: by the catalogue's own index. */
  readonly productSearch?: ProductSearch | undefined;
  /** To be called when the shop has stopped. */
  close(): Promise<void>;
}

/** All of them are in the database. */
export const noReadModels: ShopReadModels = { stores: {}, close: async () => {} };

/** What several places keep, as one. */
export function together(one: ShopReadModels, other: ShopReadModels): ShopReadModels {
  return {
    stores: { ...one.stores, ...other.stores },
    documents: other.documents ?? one.documents,
    productSearch: other.productSearch ?? one.productSearch,
    async close() {
      await other.close();
      await one.close();
    },
  };
}
