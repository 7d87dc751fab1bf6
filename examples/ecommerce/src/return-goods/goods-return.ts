import { requireCustomer, requirePrices, requireQuantities } from '../lines/refusals.js';
import { totalOf } from '../money/money.js';
import type { GoodsReturnedData } from './goods-returned.js';
import type { ReturnGoodsData } from './return-goods.js';

/**
 * The return that a command asks for.
 * @throws RefusedError `no-customer`, `quantity` or `price`: whole, and by the first of them.
 */
export function returnGoods(asked: ReturnGoodsData, returnId: string, now: string): GoodsReturnedData {
  requireCustomer(asked.customerId);
  requireQuantities(asked.lines, (quantity) => quantity < 0, 'A returned quantity must be below zero');
  requirePrices(asked.lines);
  const lines = asked.lines.map((line) => ({ ...line, quantity: -line.quantity }));
  return {
    returnId,
    customerId: asked.customerId,
    country: asked.country,
    returnedAt: asked.returnedAt ?? now,
    lines,
    total: totalOf(lines),
  };
}
