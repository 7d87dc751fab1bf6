import { requireCustomer, requirePrices, requireQuantities } from '../lines/refusals.js';
import { totalOf } from '../money/money.js';
import type { Order } from '../orders/order.js';
import type { PlaceOrderData } from './place-order.js';

/**
 * The order that a command asks for.
 * @throws RefusedError `no-customer`, `quantity` or `price`: whole, and by the first of them.
 */
export function placeOrder(asked: PlaceOrderData, orderId: string, now: string): Order {
  requireCustomer(asked.customerId);
  requireQuantities(asked.lines, (quantity) => quantity > 0, 'A quantity must be above zero');
  requirePrices(asked.lines);
  return {
    orderId,
    customerId: asked.customerId,
    country: asked.country,
    placedAt: asked.placedAt ?? now,
    lines: asked.lines.map((line) => ({ ...line, returned: 0 })),
    total: totalOf(asked.lines),
    status: 'placed',
    version: 1,
  };
}
