import type { Evaluate, Row } from './row.js';
import type { UsedAggregate } from './scope.js';

/** A query made ready to be run on rows. */
export interface CompiledQuery {
  /** Whether it reads items at all: `SELECT 1` does not. */
  readonly hasSources: boolean;
  /** The rows that a row outside gives: of its joins those for which the condition holds. */
  readonly rows: (outer: Row) => Iterable<Row>;
  readonly select: Evaluate;
  readonly grouping: Grouping | undefined;
  readonly sorts: readonly CompiledSort[];
  readonly isDistinct: boolean;
  readonly offset: Evaluate | undefined;
  /** `TOP` or `LIMIT`. */
  readonly limit: Evaluate | undefined;
  /** The parameters in it. */
  readonly parameters: ReadonlySet<string>;
}

export interface Grouping {
  readonly keys: readonly Evaluate[];
  readonly aggregates: readonly UsedAggregate[];
}

export interface CompiledSort {
  readonly value: Evaluate;
  /** Of the property in an item, `/a/b`. */
  readonly path: string;
  readonly isDescending: boolean;
}
