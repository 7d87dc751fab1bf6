import type { Clock, TimerOptions } from '@diptych/core';

export interface FakeClockOptions {
  /** What the clock shows at first: milliseconds since the Unix epoch, or a date. Default 2030-01-01T00:00:00Z. */
  readonly startAt?: number | Date;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
  readonly isWait: boolean;
}

/** A clock that stands still until the test turns its hands. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now: number;

  constructor({ startAt = Date.UTC(2030, 0, 1) }: FakeClockOptions = {}) {
    this.#now = Number(startAt);
  }

  now(): number {
    return this.#now;
  }

  after(delayInMs: number, callback: () => void, { isWait = false }: TimerOptions = {}): () => void {
    const timer = { due: this.#now + Math.max(0, delayInMs), callback, isWait };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers somebody waits for, and for nothing else: pauses, not limits and polls. */
  get waits(): number {
    return [...this.#timers].filter(({ isWait }) => isWait).length;
  }

  /** How many milliseconds until the next timer is due; `undefined` when none is set. */
  get nextDueInMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : Math.max(0, next.due - this.#now);
  }

  /**
   * Moves time on by that much. Timers that come due on the way fire in order, each at its own time, and what
   * they set in motion runs until it waits for something again, timers that it sets included.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await promisesToRun();
    for (let next = this.#next(); next !== undefined && next.due <= end; next = this.#next()) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await promisesToRun();
    }
    this.#now = Math.max(this.#now, end);
  }

  // The earliest; of two at the same time, the one that was set first, for a set keeps its order.
  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.due < next.due) next = timer;
    return next;
  }
}

/** Resolves when every promise chain that can run now has run: the event loop gets to this only after them. */
function promisesToRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
