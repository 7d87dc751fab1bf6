import { ProgrammingError } from '../errors/programming-errors.js';
import type { ScheduleOptions } from './session.js';
import type { ScheduleCommand } from './write-batch.js';

/** When a command is due: for the store, by its own clock, and as the time in the command's envelope. */
export interface DueTime {
  readonly due: ScheduleCommand['due'];
  /** The later of due and now: nobody may take the command for one that has waited in a queue since it was scheduled. */
  readonly time: string;
}

// The last instant that a date can hold.
const endOfTime = 8.64e15;

/** @throws ProgrammingError `invalid-schedule` for a time that is none. */
export function dueTimeOf(options: ScheduleOptions, now: number): DueTime {
  const dueAt = 'at' in options ? options.at.getTime() : now + options.in;
  if (!Number.isFinite(dueAt) || Math.abs(dueAt) > endOfTime) {
    throw new ProgrammingError(
      'invalid-schedule',
      'A command is scheduled `in` a number of milliseconds or `at` a date; this is neither.',
    );
  }
  const due = 'at' in options ? { at: options.at.toISOString() } : { inMs: options.in };
  return { due, time: new Date(Math.max(now, dueAt)).toISOString() };
}
