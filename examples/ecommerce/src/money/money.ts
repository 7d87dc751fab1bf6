import Big from 'big.js';
import { z } from 'zod';

/**
 * An amount of money or a price as decimal text, with any number of decimals: `'2.55'`. It is never a number,
 * for numbers cannot hold most of these exactly. What the functions here give back has no needless zeros.
 */
export type Amount = string;

/** Plain decimals only. The bound keeps one message from making everything it is added to slow for ever. */
export const amount = z
  .string()
  .max(1000)
  .regex(/^-?\d+(\.\d+)?$/, 'Must be a decimal number such as 2.55');

export const zero: Amount = '0';

export function plus(left: Amount, right: Amount): Amount {
  return new Big(left).plus(right).toFixed();
}

export function minus(left: Amount, right: Amount): Amount {
  return new Big(left).minus(right).toFixed();
}

export function isSame(left: Amount, right: Amount): boolean {
  return new Big(left).eq(right);
}

export function isPositive(value: Amount): boolean {
  return new Big(value).gt(0);
}

/** Something that is sold: how many, and what one of them costs. */
export interface Priced {
  readonly quantity: number;
  readonly price: Amount;
}

/** What all of them cost together. */
export function totalOf(lines: readonly Priced[]): Amount {
  return lines
    .reduce((sum, { quantity, price }) => sum.plus(new Big(price).times(quantity)), new Big(0))
    .toFixed();
}
