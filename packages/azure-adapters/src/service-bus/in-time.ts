import type { Clock } from '@diptych/core';

/**
 * What the SDK answers, or `time-over` when that takes longer: several of its promises never end where a connection
 * breaks, and others only after a minute, whatever limit it was given. The work itself is not stopped.
 */
export function inTime<T>(clock: Clock, limitInMs: number, work: Promise<T>): Promise<T | 'time-over'> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitInMs, () => resolve('time-over'));
    work.then(resolve, reject).finally(cancel);
  });
}
