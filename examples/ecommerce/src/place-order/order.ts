import type { Line } from '../lines/line.js';
import { requireCustomer, requirePrices, requireQuantities } from '../lines/refusals.js';
import { type Amount, totalOf } from '../money/money.js';
import type { PlaceOrderData } from './place-order.js';

/** An order that the shop has accepted. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly country: string;
  readonly placedAt: string;
  readonly lines: readonly Line[];
  readonly total: Amount;
}

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
    lines: asked.lines,
    total: totalOf(asked.lines),
  };
}
