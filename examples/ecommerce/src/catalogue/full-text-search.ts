import { searchFilter, searchIndex } from '@diptych/azure-adapters/search';
import type { ReadModel } from '@diptych/core';
import { type CatalogueProduct, CatalogueProjection } from './catalogue-projection.js';
import { maxCandidates, ProductSearch } from './product-search.js';

// #region index
/** What AI Search knows of a product. Each beginning of its words is a term, taken as it is. */
export const catalogueIndex = searchIndex(CatalogueProjection, {
  fields: {
    beginnings: { type: 'texts', searchable: true, analyzer: 'keyword' },
    sold: { type: 'integer', sortable: true },
    source: { type: 'text', filterable: true },
  },
});
// #endregion

/** By AI Search, which looks for all words at once. */
export class FullTextSearch extends ProductSearch {
  override async find(
    catalogue: ReadModel<CatalogueProduct>,
    words: readonly string[],
  ): Promise<readonly CatalogueProduct[]> {
    // Words are letters and digits alone, so none of them is an operator of the query language.
    const { documents } = await catalogueIndex.in(catalogue).searchStored(words.join(' '), {
      // What is ordered without ever having been offered has no source, and no name to show.
      filter: searchFilter`source ne ${''}`,
      mode: 'all',
      orderBy: ['sold desc'],
      top: maxCandidates,
    });
    return documents;
  }
}
