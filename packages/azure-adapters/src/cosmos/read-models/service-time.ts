import type { Container } from '@azure/cosmos';
import type { Clock } from '@diptych/core';
import { readError } from './read-model-errors.js';

/** It is asked anew when the last answer is older than this: the program's clock may go at another pace, or be set. */
const knownForMs = 30_000;

/** The service's clock as seen from here. Only a query's answer tells it finer than to the second. */
export class ServiceTime {
  readonly #container: Container;
  readonly #clock: Clock;
  #ahead = 0;
  #askedAt: number | undefined;

  constructor(container: Container, clock: Clock) {
    this.#container = container;
    this.#clock = clock;
  }

  /** Right to half of the time that a request takes. */
  async now(): Promise<number> {
    const now = this.#clock.now();
    if (this.#askedAt === undefined || Math.abs(now - this.#askedAt) > knownForMs) await this.#ask();
    return this.#clock.now() + this.#ahead;
  }

  async #ask(): Promise<void> {
    const before = this.#clock.now();
    const { resources } = await this.#container.items
      .query<number>('SELECT VALUE GetCurrentTimestamp()', { partitionKey: ['copies', 'copies', 'copies'] })
      .fetchNext()
      .catch((error: unknown) => {
        throw readError(error);
      });
    const after = this.#clock.now();
    this.#ahead = resources[0]! - (before + after) / 2;
    this.#askedAt = after;
  }
}
