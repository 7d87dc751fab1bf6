import { event } from '@diptych/core';
import { z } from 'zod';
import { lines } from '../lines/line.js';
import { amount } from '../money/money.js';

const goodsReturned = z.object({
  returnId: z.string(),
  /** The order that they are of, in whose stream the event is then. */
  orderId: z.string().optional(),
  /** With an order: whether nothing of it is left with the customer. */
  complete: z.boolean().optional(),
  customerId: z.string(),
  country: z.string(),
  returnedAt: z.iso.datetime(),
  /** With quantities above zero: so many came back. */
  lines,
  /** What the customer gets back: above zero. */
  total: amount,
});

export type GoodsReturnedData = z.infer<typeof goodsReturned>;

export class GoodsReturned extends event('shop.GoodsReturned', goodsReturned) {}
