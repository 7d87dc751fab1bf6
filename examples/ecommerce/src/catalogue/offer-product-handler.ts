import { type CommandContext, CommandHandler, RefusedError } from '@diptych/core';
import { operator } from '../identity/policies.js';
import { isPositive } from '../money/money.js';
import { OfferProduct } from './offer-product.js';
import { ProductOffered } from './product-offered.js';

@CommandHandler(OfferProduct, { authorize: operator })
export class OfferProductHandler {
  handle({ productCode, name, price }: OfferProduct, { meta, session }: CommandContext): void {
    if (!isPositive(price))
      throw new RefusedError('price', 'A price must be above zero.', { details: { path: ['price'] } });
    session.append(`product-${productCode}`, 'any', [
      new ProductOffered({ productCode, name, price, offeredAt: meta.time }),
    ]);
  }
}
