import { query } from '@diptych/core';
import { z } from 'zod';
import { listedOrder } from '../order-list/listed-order.js';
import { orderStatus } from '../orders/order-schemas.js';

const asked = z.strictObject({
  status: orderStatus,
  /** How many orders at most. */
  limit: z.int().min(1).max(100).default(20),
  /** Where an earlier page ended: its `next`. */
  after: z.string().optional(),
});

const answer = z.object({
  /** The latest first. */
  orders: z.array(listedOrder).readonly(),
  /** For the next page; absent on the last one. */
  next: z.string().optional(),
});

/** The orders of all customers that stand so: what operators have to do next. */
export class OrdersByStatus extends query('shop.OrdersByStatus', asked, {
  examples: [{ status: 'paid' }, { status: 'shipped', limit: 5 }],
}).returns(answer) {}
