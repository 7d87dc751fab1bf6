import { searchSink } from '@diptych/azure-adapters/search';
import { mirroredStore, type ReadModelStore } from '@diptych/core';
import { catalogueIndex, FullTextSearch } from '../catalogue/full-text-search.js';
import type { ShopReadModels } from './shop-read-models.js';

/** An AI Search service. */
export interface SearchService {
  readonly endpoint: string;
  /** An admin key. */
  readonly key: string;
}

// #region search
/** The catalogue is kept with other documents, and what is found of it is in AI Search. */
export function searchReadModels({ endpoint, key }: SearchService, kept: ReadModelStore): ShopReadModels {
  const sink = searchSink({ endpoint, key, indexes: [catalogueIndex], prefix: 'shop' });
  return {
    stores: { catalogue: mirroredStore(kept, sink) },
    productSearch: new FullTextSearch(),
    close: async () => {},
  };
}
// #endregion
