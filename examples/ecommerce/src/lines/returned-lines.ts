import { isSame } from '../money/money.js';
import type { Line } from './line.js';

/** A line of an order, with how many of it came back. */
export interface ReturnableLine extends Line {
  readonly returned: number;
}

/**
 * The lines once so many of one product came back at that price, and how many did not fit. A product may stand on
 * several lines: what comes back fills them one after the other.
 */
export function takeBack<Kept extends ReturnableLine>(
  lines: readonly Kept[],
  { productCode, price, quantity }: Line,
): { readonly lines: readonly Kept[]; readonly left: number } {
  let left = quantity;
  const kept = lines.map((line) => {
    if (line.productCode !== productCode || !isSame(line.price, price)) return line;
    const taken = Math.min(left, line.quantity - line.returned);
    left -= taken;
    return { ...line, returned: line.returned + taken };
  });
  return { lines: kept, left };
}
