import type { Clock } from './clock.js';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayInMs, callback) {
    const timer: unknown = setTimeout(callback, delayInMs);
    return () => clearTimeout(timer as never);
  },
};
