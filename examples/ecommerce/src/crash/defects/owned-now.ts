import type { Ownership, SubscriptionStore } from '@diptych/core';
import { standIn } from '@diptych/testing';

/** Remembers what this process owns, for defects that move checkpoints where they must not. */
export class OwnedNow {
  readonly #owned = new Map<string, Ownership>();

  standIn(store: SubscriptionStore): SubscriptionStore {
    return standIn(store, {
      acquire: async (request) => {
        const acquired = await store.acquire(request);
        for (const ownership of acquired.owned) this.#keep(ownership);
        return acquired;
      },
      seize: async (request) => {
        const ownership = await store.seize(request);
        this.#keep(ownership);
        return ownership;
      },
    });
  }

  of(subscription: string, partition: number): Ownership | undefined {
    return this.#owned.get(`${subscription} ${partition}`);
  }

  #keep(ownership: Ownership): void {
    this.#owned.set(`${ownership.subscription} ${ownership.partition}`, ownership);
  }
}
