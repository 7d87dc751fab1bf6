import type { Clock } from './clock.js';

/** The longest that a timer of the machine can be; it takes a longer one for one that is due at once. */
const longestInMs = 2 ** 31 - 1;

/** The machine's clock. Its timers do not keep the process alive: open sockets do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayInMs, callback) {
    let timer: NodeJS.Timeout;
    const set = (leftInMs: number): void => {
      const next = () => (leftInMs <= longestInMs ? callback() : set(leftInMs - longestInMs));
      timer = setTimeout(next, Math.min(leftInMs, longestInMs)).unref();
    };
    set(delayInMs);
    return () => clearTimeout(timer);
  },
};
