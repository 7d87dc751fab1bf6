import type { Clock } from './clock.js';

/** The longest that a timer of the machine can be; it takes a longer one for one that is due at once. */
const longestInMs = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayInMs, callback, options) {
    let timer: unknown;
    const set = (leftInMs: number): void => {
      timer =
        leftInMs <= longestInMs
          ? setTimeout(callback, leftInMs)
          : setTimeout(() => set(leftInMs - longestInMs), longestInMs);
      // Elsewhere than in Node a timer is a number, and nothing has to be kept alive.
      if (options?.background === true) (timer as { unref?(): void }).unref?.();
    };
    set(delayInMs);
    return () => clearTimeout(timer as never);
  },
};
