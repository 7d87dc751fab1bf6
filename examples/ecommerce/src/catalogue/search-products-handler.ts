import { anyone, QueryHandler, type ReadModel, type ResultOf, readModel } from '@diptych/core';
import { type CatalogueProduct, CatalogueProjection } from './catalogue-projection.js';
import { ProductSearch } from './product-search.js';
import { SearchProducts } from './search-products.js';
import { wordsOf } from './search-words.js';

@QueryHandler(SearchProducts, {
  inject: [readModel(CatalogueProjection), ProductSearch],
  authorize: anyone,
})
export class SearchProductsHandler {
  constructor(
    private readonly catalogue: ReadModel<CatalogueProduct>,
    private readonly search: ProductSearch,
  ) {}

  async handle({ text, limit }: SearchProducts): Promise<ResultOf<SearchProducts>> {
    const words = wordsOf(text);
    const found = rank(await this.search.find(this.catalogue, words), words);
    return {
      products: found
        .slice(0, limit)
        .map(({ productCode, name, price, sold }) => ({ productCode, name, price, sold })),
      more: found.length > limit,
    };
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
