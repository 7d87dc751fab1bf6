import { command } from '@diptych/core';
import { z } from 'zod';
import { wellFormed } from '../lines/well-formed.js';
import { amount } from '../money/money.js';

const offerProduct = z.strictObject({
  productCode: wellFormed.min(1, 'Must have a code').max(50),
  name: z.string().trim().min(1, 'Must have a name').max(200),
  price: amount,
});

/** The shop offers a product, or offers it under another name or at another price. */
export class OfferProduct extends command('shop.OfferProduct', offerProduct) {}
