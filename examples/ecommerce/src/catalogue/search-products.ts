import { query } from '@diptych/core';
import { z } from 'zod';
import { amount } from '../money/money.js';

const asked = z.strictObject({
  /** As somebody types it: each word is the beginning of one in the product's name or code. Default: everything. */
  text: z
    .union([z.string(), z.int().nonnegative().transform(String)])
    .pipe(z.string().max(200, 'Must be at most 200 characters'))
    .default(''),
  /** How many at most. */
  limit: z.int().min(1).max(200).default(24),
});

const product = z.object({
  productCode: z.string(),
  name: z.string(),
  price: amount,
  /** On how many orders it stood. */
  sold: z.int(),
});

const answer = z.object({
  /** Whole words before beginnings, then what is ordered most. */
  products: z.array(product),
  /** Whether there are others beyond `limit`. */
  more: z.boolean(),
});

/** Products by name or code. */
export class SearchProducts extends query('shop.SearchProducts', asked, {
  examples: [{}, { text: 'white lan' }, { text: 85123, limit: 5 }],
}).returns(answer) {}
