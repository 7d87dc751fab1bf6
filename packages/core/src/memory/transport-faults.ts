/** What may go wrong on the way, each by a chance between 0 and 1. */
export interface TransportFaults {
  /** The same seed gives the same faults for the same calls. Default 1. */
  readonly seed?: number;
  /** A message comes twice, the second time behind later ones. */
  readonly duplicate?: number;
  /** A message never arrives. */
  readonly drop?: number;
  /** A message comes late, and with it, where order is promised, all behind it. */
  readonly delay?: number;
  /** How late, in milliseconds. Default 1,000. */
  readonly delayInMs?: number;
  /** A message changes places with the one before it. Only where order is not promised. */
  readonly reorder?: number;
  /** A session is lost at the next call on it. */
  readonly loseSession?: number;
  /** Publishing fails, after a part of the messages has gone out. */
  readonly failPublish?: number;
}

export type FaultKind = Exclude<keyof TransportFaults, 'seed' | 'delayInMs'>;

/** Decides what goes wrong: by a seeded plan, and on demand. */
export class FaultPlan {
  readonly delayInMs: number;
  readonly #chances: TransportFaults;
  readonly #ordered = new Map<FaultKind, number>();
  #state: number;
  #isOver = false;

  constructor(chances: TransportFaults = {}) {
    this.#chances = chances;
    this.#state = chances.seed ?? 1;
    this.delayInMs = chances.delayInMs ?? 1_000;
  }

  /** The next `times` occasions for this fault go wrong, whatever the plan says. */
  next(kind: FaultKind, times = 1): void {
    this.#ordered.set(kind, (this.#ordered.get(kind) ?? 0) + times);
  }

  /** From now on only what is asked for by `next` goes wrong. */
  end(): void {
    this.#isOver = true;
  }

  strikes(kind: FaultKind): boolean {
    const left = this.#ordered.get(kind) ?? 0;
    if (left > 0) {
      this.#ordered.set(kind, left - 1);
      return true;
    }
    const chance = this.#chances[kind] ?? 0;
    return !this.#isOver && chance > 0 && this.random() < chance;
  }

  /** The next number of the plan, from 0 to below 1 (mulberry32). */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
