import type { Clock } from '../../clock/clock.js';
import type { Deadlines } from '../../clock/deadlines.js';
import type { Changes } from '../storage/changes.js';

/** What every part of the broker's state shares. */
export interface Broker {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly changes: Changes;
}
