import type { Clock } from '../../clock/clock.js';
import type { Value } from './values.js';

/** What expressions are worked out for: values by the numbers of their names, and what the client gave. */
export interface Row {
  readonly values: readonly Value[];
  readonly given: Given;
  /** What the aggregates of the query come to, once all rows of a group are known. */
  readonly aggregated: readonly Value[];
}

export interface Given {
  readonly parameters: ReadonlyMap<string, Value>;
  readonly clock: Clock;
}

export type Evaluate = (row: Row) => Value;

export const withValue = (row: Row, value: Value): Row => ({ ...row, values: [...row.values, value] });
