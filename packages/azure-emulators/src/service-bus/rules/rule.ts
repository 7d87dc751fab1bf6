import type { CorrelationFilter } from './correlation-filter.js';
import type { SqlAction } from './sql-action.js';
import type { SqlFilter } from './sql-filter.js';

export interface Rule {
  readonly name: string;
  readonly filter: CorrelationFilter | SqlFilter;
  /** What it changes in its copy of a message. */
  readonly action: SqlAction | undefined;
  readonly createdAt: number;
}
