import { query } from '@diptych/core';
import { z } from 'zod';
import { identifier } from '../lines/identifier.js';
import { listedOrder } from '../order-list/listed-order.js';
import { orderStatus } from '../orders/order-schemas.js';
import { salesFigures } from '../sales/sales-by-country.js';

const asked = z.strictObject({
  customerId: identifier,
  /** Default: whatever it is. */
  status: orderStatus.optional(),
  /** How many orders at most. */
  limit: z.int().min(1).max(100).default(20),
  /** Where an earlier page ended: its `next`. */
  after: z.string().optional(),
});

const answer = z.object({
  customerId: z.string(),
  /** Over all orders and returns of the customer, whatever page and status were asked for. */
  sales: z.object(salesFigures),
  /** The latest first. */
  orders: z.array(listedOrder.omit({ customerId: true })),
  /** For the next page; absent on the last one. */
  next: z.string().optional(),
});

/** The orders and returns of a customer. */
export class OrdersByCustomer extends query('shop.OrdersByCustomer', asked, {
  examples: [{ customerId: '17850' }, { customerId: 17850, status: 'returned', limit: 5 }],
}).returns(answer) {}
