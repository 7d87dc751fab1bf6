import type { Line } from '../lines/line.js';
import { MoveStock } from './move-stock.js';

/**
 * What an order (`-1`) or a return (`1`) does to the stock: one command for each product, also for one that
 * stands on several lines.
 */
export function movementsOf(lines: readonly Line[], sign: 1 | -1, cause: string): readonly MoveStock[] {
  const quantities = new Map<string, number>();
  for (const { productCode, quantity } of lines) {
    quantities.set(productCode, (quantities.get(productCode) ?? 0) + quantity);
  }
  return [...quantities].map(
    ([productCode, quantity]) => new MoveStock({ productCode, change: sign * quantity, cause }),
  );
}
