import { murmur3 } from '../partitions/murmur3.js';
import { Backoff, type BackoffOptions } from './backoff.js';
import type { SubscriptionParts } from './subscription-parts.js';
import type { OwnedPartition, Ownership } from './subscription-store.js';

export interface LeaseOptions {
  /** Who owns: unique per process and start. */
  readonly owner: string;
  readonly partitions: readonly number[];
  readonly leaseInMs: number;
  /** How often an owner with less than its share asks for more. */
  readonly askAgainInMs: number;
  readonly backoff: BackoffOptions;
}

/** Keeps the leases of one owner, and no more of them than a fair share: partitions divided by owners, rounded up. */
export class LeaseKeeper {
  readonly #parts: SubscriptionParts;
  readonly #options: LeaseOptions;
  readonly #wanted: readonly number[];
  readonly #backoff: Backoff;
  #share: number;
  #nextAt = 0;

  constructor(parts: SubscriptionParts, options: LeaseOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#wanted = rotated(options.partitions, murmur3(options.owner));
    this.#share = options.partitions.length;
    this.#backoff = new Backoff(options.backoff);
  }

  /** When leases must be renewed or asked for, by the clock of the process. */
  get nextAt(): number {
    return Math.max(this.#nextAt, this.#backoff.until);
  }

  /** Whether the store could not be reached the last time. */
  get isFailing(): boolean {
    return this.#backoff.until > 0;
  }

  /**
   * What is owned now, in one round trip, once it is time for it; `undefined` before, and when the store cannot be
   * reached. What is beyond the fair share is given back.
   */
  async renew(): Promise<readonly OwnedPartition[] | undefined> {
    const { clock, observe, subscription } = this.#parts;
    if (clock.now() < this.nextAt) return undefined;
    try {
      const owned = await this.#acquire();
      if (this.#backoff.succeeded()) observe({ kind: 'leases-resumed', subscription });
      return owned;
    } catch (error) {
      if (this.#backoff.failed(clock.now())) observe({ kind: 'leases-paused', subscription, error });
      return undefined;
    }
  }

  /** Gives back what is owned, and does not count for the fair share any more. */
  async leave(owned: readonly Ownership[]): Promise<void> {
    const { store, subscription } = this.#parts;
    if (owned.length > 0) return store.release(owned);
    // Who gives nothing back is counted for as long as its last sign of life lasts.
    await store.acquire({ subscription, partitions: [], owner: this.#options.owner, leaseInMs: 1, most: 0 });
  }

  /** Asks again at the next turn. */
  hurry(): void {
    this.#nextAt = 0;
  }

  async #acquire(): Promise<readonly OwnedPartition[]> {
    const { store, subscription, clock } = this.#parts;
    const { owner, leaseInMs, askAgainInMs } = this.#options;
    const asked = clock.now();
    const most = this.#share;
    const { owned, owners } = await store.acquire({
      subscription,
      partitions: this.#wanted,
      owner,
      leaseInMs,
      most,
    });
    this.#share = Math.ceil(this.#wanted.length / Math.max(1, owners));
    const surplus = owned.slice(this.#share);
    if (surplus.length > 0) await store.release(surplus);
    const isShort = owned.length < this.#share;
    // A share that has grown is asked for at once; one that others still hold, a little later.
    if (isShort && this.#share > most) this.#nextAt = asked;
    else this.#nextAt = asked + (isShort ? Math.min(askAgainInMs, leaseInMs / 3) : leaseInMs / 3);
    return owned.slice(0, this.#share);
  }
}

/** Owners begin at different places, so that they seldom ask for the same partition first. */
function rotated(partitions: readonly number[], by: number): readonly number[] {
  const start = partitions.length === 0 ? 0 : by % partitions.length;
  return [...partitions.slice(start), ...partitions.slice(0, start)];
}
