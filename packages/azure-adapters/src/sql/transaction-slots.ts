import { type Clock, UnavailableError } from '@diptych/core';

/**
 * Bounds how many transactions are open at a time. Each holds a connection, and needs others while it is open: for the
 * streams that its handler loads. Where transactions held all of them, each would wait for one that nobody gives back.
 */
export class TransactionSlots {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(clock: Clock, count: number) {
    this.#clock = clock;
    this.#free = count;
  }

  /** Resolves how to give the slot back. @throws UnavailableError when none becomes free in time. */
  take(limitInMs: number): Promise<() => void> {
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve(this.#givingBack());
    }
    return new Promise((resolve, reject) => {
      const taken = () => {
        cancel();
        resolve(this.#givingBack());
      };
      const cancel = this.#clock.after(limitInMs, () => {
        this.#waiting.delete(taken);
        reject(new UnavailableError(`No transaction could be begun for ${limitInMs} ms: too many are open.`));
      });
      this.#waiting.add(taken);
    });
  }

  #givingBack(): () => void {
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      const [next] = this.#waiting;
      if (next === undefined) {
        this.#free++;
        return;
      }
      this.#waiting.delete(next);
      next();
    };
  }
}
