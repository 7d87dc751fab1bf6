import { query } from '@diptych/core';
import { z } from 'zod';
import { identifier } from '../lines/identifier.js';

const asked = z.strictObject({
  /** Default: all, in pages. */
  productCodes: z
    .union([identifier.transform((code) => [code]), z.array(identifier).min(1).max(1000)])
    .optional(),
  limit: z.int().min(1).max(1000).default(1000),
  /** Where an earlier page ended: its `next`. */
  after: z.string().optional(),
});

const answer = z.object({
  /** Products that never moved have no level. */
  levels: z.array(z.object({ productCode: z.string(), onHand: z.int() })),
  next: z.string().optional(),
});

/** How many of each product there are, by the ledger. */
export class StockLevels extends query('shop.StockLevels', asked, {
  examples: [{}, { productCodes: '85123A' }, { productCodes: ['85123A', 71053] }],
}).returns(answer) {}
