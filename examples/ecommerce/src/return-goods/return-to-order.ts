import { RefusedError } from '@diptych/core';
import type { Line } from '../lines/line.js';
import { takeBack } from '../lines/returned-lines.js';
import { isSame } from '../money/money.js';
import type { Order } from '../orders/order.js';
import { requireStep, takeStep } from '../orders/order-steps.js';

export interface ReturnedToOrder {
  readonly order: Order;
  /** Whether nothing is left with the customer. */
  readonly complete: boolean;
}

/**
 * The order once these have come back of it, as many as each line says.
 * @throws RefusedError `not-returnable`; with the place of the line at fault: `not-on-order`, `price`, or
 *   `quantity` for more than there are left.
 */
export function returnToOrder(order: Order, lines: readonly Line[]): ReturnedToOrder {
  requireStep(order, 'return');
  let kept = order.lines;
  for (const [at, line] of lines.entries()) {
    requireOnOrder(order, line, at);
    const { lines: taken, left } = takeBack(kept, line);
    if (left > 0) refuse('quantity', tooMany(line.quantity - left), at, 'quantity');
    kept = taken;
  }
  const complete = kept.every(({ quantity, returned }) => quantity === returned);
  const changed = { ...order, lines: kept };
  return {
    order: complete ? takeStep(changed, 'return') : { ...changed, version: order.version + 1 },
    complete,
  };
}

function requireOnOrder(order: Order, { productCode, price }: Line, at: number): void {
  const ofProduct = order.lines.filter((line) => line.productCode === productCode);
  if (ofProduct.length === 0)
    refuse('not-on-order', `Product ${productCode} is not on this order.`, at, 'productCode');
  if (!ofProduct.some((line) => isSame(line.price, price)))
    refuse('price', `Product ${productCode} cost ${ofProduct[0]!.price}.`, at, 'price');
}

function tooMany(possible: number): string {
  return possible === 0 ? 'All of them came back before.' : `Only ${possible} of them can still come back.`;
}

function refuse(code: string, message: string, line: number, field: keyof Line): never {
  throw new RefusedError(code, message, { details: { path: ['lines', line, field] } });
}
