import { unitsOf } from '../../reconciliation/figures-from-csv.js';
import type { LineData } from './rows.js';

const decimals = 12;

/** What lines come to, in units of 10 to the power of minus 12. */
export function unitsOfLines(lines: readonly LineData[]): bigint {
  return lines.reduce((sum, { quantity, price }) => sum + BigInt(quantity) * unitsOf(price), 0n);
}

/** As decimal text without needless zeros. */
export function textOf(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}
