import type { Clock, TimerOptions } from '@diptych/core';

export interface FakeClockOptions {
  /** What the clock shows at first: milliseconds since the Unix epoch, or a date. Default 2030-01-01T00:00:00Z. */
  readonly startAt?: number | Date | undefined;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
  readonly isWait: boolean;
  readonly isPoll: boolean;
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

  after(
    delayInMs: number,
    callback: () => void,
    { isWait = false, isPoll = false }: TimerOptions = {},
  ): () => void {
    const timer = { due: this.#now + Math.max(0, delayInMs), callback, isWait, isPoll };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers somebody waits for, and for nothing else: pauses, not limits and polls. */
  get waits(): number {
    return [...this.#timers].filter(({ isWait }) => isWait).length;
  }

  /** How many milliseconds until the next timer is due; `undefined` when none is set. */
  get nextDueInMs(): number | undefined {
    const next = this.#first(() => true);
    return next === undefined ? undefined : Math.max(0, next.due - this.#now);
  }

  /**
   * Moves time on by that much. Timers that come due on the way fire in order, each at its own time, and what
   * they set in motion runs until it waits for something again, timers that it sets included. Polls are the
   * exception: those that come due between two other timers fire once, at the later of the two, or a month would
   * take as long as its seconds are many.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await promisesToRun();
    for (;;) {
      const next = this.#first((timer) => !timer.isPoll && timer.due <= end);
      this.#now = Math.max(this.#now, next?.due ?? end);
      await this.#firePolls();
      if (next === undefined) return;
      if (this.#timers.delete(next)) next.callback();
      await promisesToRun();
    }
  }

  async #firePolls(): Promise<void> {
    const due = [...this.#timers].filter((timer) => timer.isPoll && timer.due <= this.#now);
    for (const timer of due) if (this.#timers.delete(timer)) timer.callback();
    if (due.length > 0) await promisesToRun();
  }

  // The earliest; of two at the same time, the one that was set first, for a set keeps its order.
  #first(isMeant: (timer: Timer) => boolean): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (isMeant(timer) && (first === undefined || timer.due < first.due)) first = timer;
    }
    return first;
  }
}

/** Resolves when every promise chain that can run now has run: the event loop gets to this only after them. */
function promisesToRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
