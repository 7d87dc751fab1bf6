import { seededRandom } from '@diptych/testing';

/** The same draws for the same seed. */
export class Random {
  /** At least 0, below 1. */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  /** A whole number, at least 0, below that. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of some; there must be any. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Another sequence that follows from this one. */
  fork(): Random {
    return new Random(this.below(4_294_967_296));
  }
}
