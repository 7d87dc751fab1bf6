import type { JsonValue } from '../items/json.js';

// Request units as the service's price list has them, roughly: a read of one kilobyte costs 1, of a hundred 10; a write
// five times that, and something for each property that is indexed.

const kilobytes = (bytes: number) => Math.max(1, bytes / 1024);
const bySize = (bytes: number) => 1 + ((kilobytes(bytes) - 1) * 9) / 99;
const rounded = (units: number) => Math.round(units * 100) / 100;

export const readCharge = (bytes: number) => rounded(bySize(bytes));
export const createCharge = (bytes: number, body: JsonValue) =>
  rounded(4.95 * bySize(bytes) + 0.06 * leavesIn(body));
/** The old version leaves the index, the new one comes into it. */
export const replaceCharge = (bytes: number, body: JsonValue) => rounded(createCharge(bytes, body) * 1.9);
export const deleteCharge = (bytes: number) => rounded(5.05 * bySize(bytes));
/** A write that was refused has still looked. */
export const refusedCharge = 1.24;
export const throttledCharge = 0.38;
export const metadataCharge = 1;
export const queryCharge = (scannedItems: number, returnedBytes: number) =>
  rounded(2.28 + scannedItems * 0.02 + (returnedBytes / 1024) * 0.25);

function leavesIn(value: JsonValue): number {
  if (value === null || typeof value !== 'object') return 1;
  return Object.values(value).reduce((sum: number, inner: JsonValue) => sum + leavesIn(inner), 0);
}
