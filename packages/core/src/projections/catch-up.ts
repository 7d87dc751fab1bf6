import type { Clock } from '../clock/clock.js';
import type { JournalReader } from '../journal/journal-reader.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import { hasPassed, type Positions } from './progress.js';

export interface CatchUpOptions {
  readonly subscription: string;
  readonly subscriptions: SubscriptionStore;
  readonly reader: JournalReader;
  readonly clock: Clock;
}

/** How old the end of the journal that was reached may be, in milliseconds, for a subscription to have caught up. */
const closeEnoughInMs = 5_000;

/**
 * Whether a subscription has come to the end of the journal. Under traffic the end moves on, so it has caught up
 * when it reaches an end that is a few seconds old at most.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  #target: { readonly heads: Positions; readonly at: number } | undefined;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  async isDone(): Promise<boolean> {
    const { subscription, subscriptions, reader, clock } = this.#options;
    this.#target ??= { heads: await reader.heads(), at: clock.now() };
    if (!hasPassed(await subscriptions.state(subscription), this.#target.heads)) return false;
    const isClose = clock.now() - this.#target.at <= closeEnoughInMs;
    this.#target = undefined;
    return isClose || this.isDone();
  }
}
