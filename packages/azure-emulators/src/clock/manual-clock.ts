import type { Clock } from './clock.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock whose hands a test turns. It starts at the machine's time, since clients compare instants with their own. */
export class ManualClock implements Clock {
  private time: number;
  private readonly timers = new Set<Timer>();

  constructor(startInMs = Date.now()) {
    this.time = startInMs;
  }

  now(): number {
    return this.time;
  }

  after(delayInMs: number, callback: () => void): () => void {
    const timer = { at: this.time + delayInMs, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Moves on by `milliseconds`; what is due on the way happens at its own time, in order, before this returns. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (let next = this.firstUntil(end); next !== undefined; next = this.firstUntil(end)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    this.time = end;
  }

  private firstUntil(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  }
}
