import type { Evaluate, Row } from './row.js';
import { sqlError } from './sql-error.js';

/** How many a query says; `standard` where it says nothing. Throws for what cannot be a number of rows. */
export function countIn(count: Evaluate | undefined, row: Row, standard: number): number {
  if (count === undefined) return standard;
  const value = count(row);
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw sqlError('TOP, OFFSET and LIMIT take a whole number from 0 on.', 'SC2062');
}
