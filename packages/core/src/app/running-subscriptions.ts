import { ProgrammingError } from '../errors/programming-errors.js';
import type { Consumer } from '../subscriptions/consumer.js';
import type { SubscriptionNotice } from '../subscriptions/subscription-notice.js';
import type { SubscriptionOptions } from '../subscriptions/subscription-options.js';
import { SubscriptionRunner } from '../subscriptions/subscription-runner.js';
import type { AppParts } from './app-parts.js';

export type SubscriptionRequest = Pick<
  SubscriptionOptions,
  'subscription' | 'ordering' | 'honourDiscardsOf' | 'startAt' | 'arrivals'
> & { readonly consumer: Consumer };

/** The subscriptions that this process runs, by name. */
export class RunningSubscriptions {
  readonly #parts: AppParts;
  readonly #observe: (notice: SubscriptionNotice) => void;
  readonly #runners = new Map<string, SubscriptionRunner>();

  constructor(parts: AppParts, observe: (notice: SubscriptionNotice) => void) {
    this.#parts = parts;
    this.#observe = observe;
  }

  get all(): readonly SubscriptionRunner[] {
    return [...this.#runners.values()];
  }

  has(name: string): boolean {
    return this.#runners.has(name);
  }

  /** @throws ProgrammingError `subscription-not-here`. */
  get(name: string): SubscriptionRunner {
    const runner = this.#runners.get(name);
    if (runner !== undefined) return runner;
    throw new ProgrammingError(
      'subscription-not-here',
      `Subscription '${name}' does not run in this process.`,
      {
        subscription: name,
      },
    );
  }

  /** Makes the runner of a subscription; it does nothing before `start`. */
  open(request: SubscriptionRequest): SubscriptionRunner {
    const runner = new SubscriptionRunner({ ...request, ...this.#settings() });
    this.#runners.set(runner.name, runner);
    return runner;
  }

  /** Stops one after the batch in hand and forgets its runner. What it has not handled is handled by the next one. */
  async close(runner: SubscriptionRunner): Promise<void> {
    // Known until it has stopped: when draining takes too long, it is told to give up.
    await runner.stop();
    if (this.#runners.get(runner.name) === runner) this.#runners.delete(runner.name);
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.all.map((runner) => this.close(runner)));
  }

  #settings() {
    const { options, journal, clock, owner } = this.#parts;
    const { database, subscriptions = {} } = options;
    const { parking, pollInMs, leaseInMs, maxBatchEntries, maxBatchBytes } = subscriptions;
    return {
      store: database.subscriptions,
      reader: database.reader,
      partitions: journal.partitions,
      owner,
      clock,
      observe: this.#observe,
      limits: { maxEvents: maxBatchEntries ?? 500, maxBytes: maxBatchBytes ?? 1_048_576 },
      parking,
      pollInMs,
      leaseInMs,
    };
  }
}
