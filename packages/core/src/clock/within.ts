import type { Clock } from './clock.js';

/** What the work gives, or `time-over` when that takes longer. The work itself is not stopped. */
export async function within<T>(clock: Clock, limitInMs: number, work: Promise<T>): Promise<T | 'time-over'> {
  let cancel = () => {};
  const timeOver = new Promise<'time-over'>((resolve) => {
    cancel = clock.after(Math.max(0, limitInMs), () => resolve('time-over'));
  });
  try {
    return await Promise.race([work, timeOver]);
  } finally {
    cancel();
  }
}
