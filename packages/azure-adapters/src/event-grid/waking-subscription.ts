import type { TopicSubscription } from '@diptych/core';

type Listener = (partition: number | undefined) => void;

/** Calls those who read the journal. Nothing is taken from it: events come in any order, twice, or not at all. */
export class Arrivals {
  readonly #listeners = new Set<Listener>();

  tell(partition: number | undefined): void {
    for (const listener of this.#listeners) listener(partition);
  }

  /** A subscription that wakes. */
  subscription(): TopicSubscription {
    const own = new Set<Listener>();
    return {
      accept: async () => undefined,
      onArrival: (listener) => {
        own.add(listener);
        this.#listeners.add(listener);
        return () => {
          own.delete(listener);
          this.#listeners.delete(listener);
        };
      },
      close: async () => {
        for (const listener of own) this.#listeners.delete(listener);
      },
    };
  }
}
