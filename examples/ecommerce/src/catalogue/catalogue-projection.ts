import { type EventMeta, On, Projection, projection } from '@diptych/core';
import { isTrusted } from '../identity/policies.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { ProductOffered } from './product-offered.js';
import { beginningsOf } from './search-words.js';

export interface CatalogueProduct {
  readonly productCode: string;
  readonly name: string;
  readonly price: string;
  /** On how many orders it stood: the more, the higher it ranks. */
  readonly sold: number;
  /** What it is found under; everything under the empty text. */
  readonly beginnings: readonly string[];
  /** Where name and price come from. The greatest counts, so that the order of arrival does not. */
  readonly source: string;
}

/**
 * What there is to buy: what the shop offers, and what stood on imported invoices. What customers write on their
 * own orders changes nothing here.
 */
@Projection({
  name: 'catalogue',
  version: 1,
  indexes: { byBeginning: { by: ['beginnings'], sort: 'sold' } },
})
export class CatalogueProjection extends projection<CatalogueProduct>() {
  @On(ProductOffered, ({ productCode }) => productCode)
  offered({ productCode, name, price, offeredAt }: ProductOffered, product: CatalogueProduct | undefined) {
    return described(product, { productCode, name, price, source: `offered ${offeredAt}` });
  }

  @On(OrderPlaced, ({ lines }) => lines.map(({ productCode }) => productCode))
  sold(
    { lines, placedAt, orderId }: OrderPlaced,
    product: CatalogueProduct | undefined,
    { documentId, subject }: EventMeta,
  ): CatalogueProduct {
    const { productCode, description, price } = lines.findLast((line) => line.productCode === documentId)!;
    const known = isTrusted(subject.roles)
      ? described(product, {
          productCode,
          name: description === '' ? productCode : description,
          price,
          // Below whatever is offered: 'invoiced' sorts before 'offered'.
          source: `invoiced ${placedAt} ${orderId}`,
        })
      : (product ?? nameless(productCode));
    return { ...known, sold: known.sold + 1 };
  }
}

type Description = Pick<CatalogueProduct, 'productCode' | 'name' | 'price' | 'source'>;

function described(product: CatalogueProduct | undefined, by: Description): CatalogueProduct {
  if (product !== undefined && product.source >= by.source) return product;
  return { ...by, sold: product?.sold ?? 0, beginnings: beginningsOf(by.name, by.productCode) };
}

/** Ordered, but not offered, or not yet as far as this read model knows: it counts, and nothing finds it. */
function nameless(productCode: string): CatalogueProduct {
  return { productCode, name: '', price: '0', sold: 0, beginnings: [], source: '' };
}
