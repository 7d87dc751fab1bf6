import type { Copy, CopyInfo } from '../read-models/read-model-store.js';
import { ProjectionConsumer } from './projection-consumer.js';
import type { CopyFeed, FeedRequest, RunningProjection } from './running-projection.js';
import { subscriptionNameOf } from './subscription-name.js';

/** Runs a subscription for each copy of a projection that is to be fed, and for no other. */
export class CopyFeeds {
  readonly #projection: RunningProjection;
  readonly #open: (request: FeedRequest) => CopyFeed | Promise<CopyFeed>;
  readonly #feeds = new Map<number, CopyFeed>();

  constructor(projection: RunningProjection, open: (request: FeedRequest) => CopyFeed | Promise<CopyFeed>) {
    this.#projection = projection;
    this.#open = open;
  }

  /**
   * Starts and stops feeds so that exactly these copies, of all that there are, are fed. Resolves whether that
   * changed anything.
   */
  async keep(copies: readonly CopyInfo[], all: readonly CopyInfo[]): Promise<boolean> {
    let changed = false;
    for (const [generation, feed] of this.#feeds) {
      if (copies.some((copy) => copy.generation === generation)) continue;
      this.#feeds.delete(generation);
      await feed.stop();
      changed = true;
    }
    for (const copy of copies) {
      if (this.#feeds.has(copy.generation)) continue;
      const feed = await this.#open(this.#requestFor(copy, all));
      this.#feeds.set(copy.generation, feed);
      feed.start();
      changed = true;
    }
    return changed;
  }

  async stop(): Promise<void> {
    const feeds = [...this.#feeds.values()];
    this.#feeds.clear();
    await Promise.all(feeds.map((feed) => feed.stop()));
  }

  #requestFor({ model, version, generation }: Copy, all: readonly CopyInfo[]): FeedRequest {
    const { registration, folds, store } = this.#projection;
    const copy: Copy = { model, version, generation };
    // What was discarded in a copy that was given up was not discarded in the one that serves.
    const givenUp = new Set(all.filter(({ state }) => state === 'abandoned').map((one) => one.generation));
    const earlier = Array.from({ length: generation - 1 }, (_, index) => index + 1)
      .filter((one) => !givenUp.has(one))
      .map((one) => ({ ...copy, generation: one }));
    return {
      projection: registration,
      copy,
      subscription: subscriptionNameOf(copy),
      consumer: new ProjectionConsumer({ folds, store, copy }),
      ordering: registration.ordering,
      honourDiscardsOf: earlier.map(subscriptionNameOf),
    };
  }
}
