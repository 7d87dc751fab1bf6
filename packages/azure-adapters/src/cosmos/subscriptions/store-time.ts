import type { Clock } from '@diptych/core';
import type { SubscriptionSpace } from './subscription-space.js';

/** The service's time in a query, in milliseconds: the only place where it tells it that finely. */
export const storeTime = 'GetCurrentTimestamp()';

/** The service's clock, as seen from here. */
export class StoreTime {
  readonly #space: SubscriptionSpace;
  readonly #clock: Clock;
  #ahead: number | undefined;

  constructor(space: SubscriptionSpace, clock: Clock) {
    this.#space = space;
    this.#clock = clock;
  }

  /** Asks for it: where something is due by it. */
  async exact(subscription: string): Promise<number> {
    const [now] = await this.#space.rows<number>(subscription, { query: `SELECT VALUE ${storeTime}` });
    return this.seen(now!);
  }

  /** Some query's answer told it. */
  seen(now: number): number {
    this.#ahead = now - this.#clock.now();
    return now;
  }

  /** As near as is known without asking again: for ages. */
  async about(subscription: string): Promise<number> {
    return this.#ahead === undefined ? this.exact(subscription) : this.#clock.now() + this.#ahead;
  }
}
