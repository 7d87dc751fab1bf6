import type { ReadModel } from '@diptych/core';
import type { CatalogueProduct } from './catalogue-projection.js';
import { maxCandidates, ProductSearch } from './product-search.js';

/** By the catalogue's own index, which every store has. */
export class DeclaredIndexSearch extends ProductSearch {
  /** By the longest word, which finds the fewest; the others then leave out what they do not fit. */
  override async find(
    catalogue: ReadModel<CatalogueProduct>,
    words: readonly string[],
  ): Promise<readonly CatalogueProduct[]> {
    const longest = words.toSorted((left, right) => right.length - left.length)[0] ?? '';
    const { documents } = await catalogue.find(
      'byBeginning',
      { beginnings: longest },
      { descending: true, limit: maxCandidates },
    );
    return documents.filter(({ beginnings }) => words.every((word) => beginnings.includes(word)));
  }
}
