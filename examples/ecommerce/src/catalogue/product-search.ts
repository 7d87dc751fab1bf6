import type { ReadModel } from '@diptych/core';
import type { CatalogueProduct } from './catalogue-projection.js';

/** How many products that a word finds are looked at. The most ordered come first, so that only rare ones are missed. */
export const maxCandidates = 1000;

/** How products are found in the catalogue: by what its store can do, or by a search service beside it. */
export abstract class ProductSearch {
  /** Products that have each of the words, or a word that begins with it; the most ordered first. */
  abstract find(
    catalogue: ReadModel<CatalogueProduct>,
    words: readonly string[],
  ): Promise<readonly CatalogueProduct[]>;
}
