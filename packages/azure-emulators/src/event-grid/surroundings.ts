import type { Clock } from '../clock/clock.js';
import type { Deadlines } from '../clock/deadlines.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { Underway } from './push/underway.js';

/** What all topics of an emulator share. */
export interface Surroundings {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly faults: FaultPlan;
  readonly underway: Underway;
}
