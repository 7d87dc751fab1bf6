import { RefusedError } from '@diptych/core';
import { isPositive } from '../money/money.js';
import type { Line } from './line.js';

/**
 * Why a sale or a return is refused. Each names the place of the fault, so that a page can show it beside the
 * field; the first that applies counts, whatever the order of the lines.
 */
type RefusalCode = 'no-customer' | 'quantity' | 'price';

export function requireCustomer(customerId: string): void {
  if (customerId === '') refuse('no-customer', 'There is no customer.', ['customerId']);
}

export function requireQuantities(
  lines: readonly Line[],
  fits: (quantity: number) => boolean,
  rule: string,
): void {
  const at = lines.findIndex(({ quantity }) => !fits(quantity));
  if (at !== -1)
    refuse('quantity', `${rule}; that of line ${at + 1} is ${lines[at]!.quantity}.`, [
      'lines',
      at,
      'quantity',
    ]);
}

export function requirePrices(lines: readonly Line[]): void {
  const at = lines.findIndex(({ price }) => !isPositive(price));
  if (at !== -1)
    refuse('price', `A price must be above zero; that of line ${at + 1} is ${lines[at]!.price}.`, [
      'lines',
      at,
      'price',
    ]);
}

function refuse(code: RefusalCode, message: string, path: readonly (string | number)[]): never {
  throw new RefusedError(code, message, { details: { path } });
}
