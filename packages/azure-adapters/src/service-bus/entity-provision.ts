import type { Clock } from '@diptych/core';

export interface EntityProvisionOptions {
  readonly clock: Clock;
  /** Looks for the entity, and makes it where it may be made. */
  readonly provide: () => Promise<void>;
}

/** How often it is looked for at most, in milliseconds. */
const lookEveryMs = 60_000;

/** Makes an entity again that is gone: the broker deletes subscriptions that nobody listens to. */
export class EntityProvision {
  readonly #options: EntityProvisionOptions;
  /** The one that is under way serves all partitions. */
  #looking: Promise<void> | undefined;
  #lookedAt: number;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: EntityProvisionOptions) {
    this.#options = options;
    this.#lookedAt = options.clock.now();
  }

  /** The broker gives no session, which may mean that the entity is gone: it is looked for now and then. */
  async maybe(): Promise<void> {
    if (this.#options.clock.now() - this.#lookedAt >= lookEveryMs) await this.#look();
  }

  /**
   * The broker says that it is gone, to a question of that time: it is looked for at once. False where that was done a
   * short while before the question, and did not help.
   */
  async again(askedAt: number): Promise<boolean> {
    if (this.#looking === undefined && this.#toldAt <= askedAt) {
      const now = this.#options.clock.now();
      if (now - this.#toldAt < lookEveryMs) return false;
      this.#toldAt = now;
      await this.#look();
    } else {
      await this.#looking;
    }
    return true;
  }

  #look(): Promise<void> {
    this.#lookedAt = this.#options.clock.now();
    this.#looking ??= this.#options.provide().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }
}
