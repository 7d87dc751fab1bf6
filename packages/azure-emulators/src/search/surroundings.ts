import type { Clock } from '../clock/clock.js';
import type { Deadlines } from '../clock/deadlines.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { AccessRules } from './access/access-rules.js';
import type { SearchOperationCounter } from './http/operation-counts.js';
import type { SearchIndexes } from './indexes/search-indexes.js';

/** What all requests of an emulator share. */
export interface SearchSurroundings {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly faults: FaultPlan;
  readonly indexes: SearchIndexes;
  readonly counter: SearchOperationCounter;
  /** Undefined: whoever can connect may do all. */
  readonly access: AccessRules | undefined;
  /** Until when, by the clock, all is refused. */
  readonly busy: { until: number; retryAfterInMs: number };
}
