import type { Latency, SecondPoint } from '../page/browser/operations/snapshot.js';

/** What is counted in a second while it lasts. */
export interface Second {
  readonly at: number;
  commands: number;
  refused: number;
  queries: number;
  events: number;
  /** How long each message took, in milliseconds. */
  readonly commandTimes: number[];
  readonly queryTimes: number[];
}

/** The last seconds, one by one. Those in which nothing happened are there too. */
export class Timeline {
  readonly #now: () => number;
  readonly #length: number;
  #current: Second;
  #past: SecondPoint[] = [];

  /** `now` in milliseconds since the Unix epoch; `length` in seconds. */
  constructor(now: () => number, length = 120) {
    this.#now = now;
    this.#length = length;
    this.#current = emptySecond(this.#second());
  }

  /** The second that it is now. */
  current(): Second {
    this.#moveOn();
    return this.#current;
  }

  /** The seconds that are over, the oldest first. */
  past(): readonly SecondPoint[] {
    this.#moveOn();
    return this.#past;
  }

  #second(): number {
    return Math.floor(this.#now() / 1_000);
  }

  #moveOn(): void {
    const now = this.#second();
    if (now <= this.#current.at) return;
    const idle = Math.min(now - this.#current.at - 1, this.#length);
    const gap = Array.from({ length: idle }, (_, index) => pointOf(emptySecond(now - idle + index)));
    this.#past = [...this.#past, pointOf(this.#current), ...gap].slice(-this.#length);
    this.#current = emptySecond(now);
  }
}

function emptySecond(at: number): Second {
  return { at, commands: 0, refused: 0, queries: 0, events: 0, commandTimes: [], queryTimes: [] };
}

function pointOf({ commandTimes, queryTimes, ...counts }: Second): SecondPoint {
  return { ...counts, commandLatency: latencyOf(commandTimes), queryLatency: latencyOf(queryTimes) };
}

function latencyOf(times: readonly number[]): Latency {
  const sorted = [...times].sort((one, other) => one - other);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}

/** The smallest value that this share of them does not exceed. */
function percentile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return value === undefined ? null : Math.round(value * 1_000) / 1_000;
}
