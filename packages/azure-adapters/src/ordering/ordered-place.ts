import type { SortValue } from '@diptych/core';
import { orderedText, textOf } from './ordered-text.js';

/** Where a document stands in an index: by what it is sorted, then by its id. */
export interface Place {
  readonly sort: SortValue;
  readonly id: string;
}

/** A place as one text, in the order of the bytes: nothing, then numbers, then texts; then the ids. */
export function orderedPlace({ sort, id }: Place): string {
  return orderedSort(sort) + orderedText(id);
}

export function placeOf(ordered: string): Place {
  const rest = ordered.slice(1);
  if (ordered[0] === '0') return { sort: null, id: textOf(rest) };
  if (ordered[0] === '1') return { sort: numberOf(rest.slice(0, 16)), id: textOf(rest.slice(16)) };
  const sort = textOf(rest);
  return { sort, id: textOf(rest.slice(orderedText(sort).length)) };
}

function orderedSort(sort: SortValue): string {
  if (sort === null) return '0';
  return typeof sort === 'number' ? `1${orderedNumber(sort)}` : `2${orderedText(sort)}`;
}

const bits = new DataView(new ArrayBuffer(8));
const sign = 0x8000_0000;

/** The bits of a number are in its order, but for the negative ones, which are in the opposite one. */
function orderedNumber(value: number): string {
  bits.setFloat64(0, value === 0 ? 0 : value);
  const [high, low] = [bits.getUint32(0), bits.getUint32(4)];
  return high < sign ? hex(high + sign) + hex(low) : hex(~high >>> 0) + hex(~low >>> 0);
}

function numberOf(ordered: string): number {
  const [high, low] = [ordered.slice(0, 8), ordered.slice(8)].map((half) => Number.parseInt(half, 16));
  const isPositive = high! >= sign;
  bits.setUint32(0, isPositive ? high! - sign : ~high! >>> 0);
  bits.setUint32(4, isPositive ? low! : ~low! >>> 0);
  return bits.getFloat64(0);
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0');
}
