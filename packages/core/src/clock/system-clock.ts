import type { Clock } from './clock.js';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayInMs, callback, options) {
    const timer: unknown = setTimeout(callback, delayInMs);
    // Elsewhere than in Node a timer is a number, and nothing has to be kept alive.
    if (options?.background === true) (timer as { unref?(): void }).unref?.();
    return () => clearTimeout(timer as never);
  },
};
