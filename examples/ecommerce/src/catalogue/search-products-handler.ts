import { anyone, QueryHandler, type ReadModel, type ResultOf, readModel } from '@diptych/core';
import { type CatalogueProduct, CatalogueProjection } from './catalogue-projection.js';
import { SearchProducts } from './search-products.js';
import { wordsOf } from './search-words.js';

/** How many products that a word finds are looked at. The most ordered come first, so that only rare ones are missed. */
const maxCandidates = 1000;

@QueryHandler(SearchProducts, { inject: [readModel(CatalogueProjection)], authorize: anyone })
export class SearchProductsHandler {
  constructor(private readonly catalogue: ReadModel<CatalogueProduct>) {}

  async handle({ text, limit }: SearchProducts): Promise<ResultOf<SearchProducts>> {
    const words = wordsOf(text);
    const found = rank(await this.#candidates(words), words);
    return {
      products: found
        .slice(0, limit)
        .map(({ productCode, name, price, sold }) => ({ productCode, name, price, sold })),
      more: found.length > limit,
    };
  }

  /** By the longest word, which finds the fewest; the others then leave out what they do not fit. */
  async #candidates(words: readonly string[]): Promise<readonly CatalogueProduct[]> {
    const longest = words.toSorted((left, right) => right.length - left.length)[0] ?? '';
    const { documents } = await this.catalogue.find(
      'byBeginning',
      { beginnings: longest },
      { descending: true, limit: maxCandidates },
    );
    return documents.filter(({ beginnings }) => words.every((word) => beginnings.includes(word)));
  }
}

function rank(products: readonly CatalogueProduct[], words: readonly string[]): readonly CatalogueProduct[] {
  const ranked = products.map((product) => {
    const names = wordsOf(`${product.name} ${product.productCode}`);
    return { product, whole: words.filter((word) => names.includes(word)).length };
  });
  // Sorting is stable: among equals the most ordered stay first.
  return ranked.sort((left, right) => right.whole - left.whole).map(({ product }) => product);
}
