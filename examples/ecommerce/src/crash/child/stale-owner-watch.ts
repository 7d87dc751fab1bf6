import type { Ownership, SubscriptionStore } from '@diptych/core';
import { standIn } from '@diptych/testing';

/** How long after a standstill it is looked at who writes, in milliseconds. */
const watchedForMs = 3_000;

/**
 * Sees whether a write of an owner succeeds that has been replaced. Epochs only rise: one that is higher before the
 * write says that the write must be refused.
 */
export class StaleOwnerWatch {
  readonly #tell: (what: string) => void;
  #until = 0;

  constructor(tell: (what: string) => void) {
    this.#tell = tell;
  }

  /** The process has stood still, so that others may have taken what it owned. */
  begin(): void {
    this.#until = Date.now() + watchedForMs;
  }

  standIn(store: SubscriptionStore, asked: SubscriptionStore): SubscriptionStore {
    return standIn(store, {
      advance: async (moves) => {
        const stale = await this.#staleOf(
          asked,
          moves.map(({ ownership }) => ownership),
        );
        const answers = await store.advance(moves);
        answers.forEach((answer, index) => {
          if (answer !== 'fenced') this.#report(stale[index], 'moved the checkpoint');
        });
        return answers;
      },
      park: async (ownership, messages) => {
        const [stale] = await this.#staleOf(asked, [ownership]);
        const answer = await store.park(ownership, messages);
        if (answer !== 'fenced') this.#report(stale, 'parked a message');
        return answer;
      },
    });
  }

  #report(stale: string | undefined, did: string): void {
    if (stale !== undefined) this.#tell(`${stale} ${did}`);
  }

  async #staleOf(
    store: SubscriptionStore,
    ownerships: readonly Ownership[],
  ): Promise<readonly (string | undefined)[]> {
    if (Date.now() > this.#until) return [];
    return Promise.all(
      ownerships.map(async ({ subscription, partition, epoch }) => {
        const states = await store.state(subscription);
        const now = states.find((state) => state.partition === partition)?.epoch ?? 0;
        if (now <= epoch) return undefined;
        return `partition ${partition} of ${subscription}: an owner of epoch ${epoch}, replaced by ${now},`;
      }),
    );
  }
}
