import type { Clock } from '../clock/clock.js';
import { FencedError } from '../errors/infrastructure-errors.js';
import { positionAt } from '../partitions/position.js';
import type { Copy, CopyInfo } from '../read-models/read-model-store.js';
import type { Pump } from '../subscriptions/pump.js';
import type { OwnedPartition, SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { RunningProjection } from './running-projection.js';
import { sweepNameOf } from './subscription-name.js';

export interface SweeperOptions {
  readonly projections: readonly RunningProjection[];
  readonly subscriptions: SubscriptionStore;
  readonly clock: Clock;
  /** Who this process is: unique per process and start. */
  readonly owner: string;
  /** How often each copy is swept, in milliseconds. Default 10,000. */
  readonly everyInMs?: number | undefined;
  /** How long the right to sweep lasts without a renewal, in milliseconds. Default 30,000. */
  readonly leaseInMs?: number | undefined;
  /** Told when the sweeps of a projection begin to fail, and when they go well again. */
  readonly observe?: ((notice: SweepNotice) => void) | undefined;
}

export type SweepNotice =
  | { readonly kind: 'sweep-failed'; readonly projection: string; readonly error: unknown }
  | { readonly kind: 'sweep-resumed'; readonly projection: string };

/** A sweep has no place in the journal, so its progress is the evidence of a checkpoint that never moves. */
const place = { position: positionAt(0, 0), entryId: 'sweep' };

/**
 * Has the stores that mirror documents elsewhere compare them, every few seconds: one process at a time for each copy.
 * When that process dies, another one goes on where it was.
 */
export class Sweeper implements Pump {
  readonly name = 'sweeps';
  readonly #options: SweeperOptions;
  readonly #projections: readonly RunningProjection[];
  readonly #failing = new Set<string>();
  /** What this process may sweep, by projection. */
  readonly #owned = new Map<string, readonly OwnedPartition[]>();
  #dueAt = 0;
  #turning: Promise<unknown> = Promise.resolve();

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#projections = options.projections.filter(({ store }) => store.sweep !== undefined);
  }

  /** False where no store of these projections mirrors anything. */
  get isNeeded(): boolean {
    return this.#projections.length > 0;
  }

  /** One sweep of all copies, once it is due. Nothing waits for what it did, so it never says that it worked. */
  turn(): Promise<boolean> {
    const turned = this.#turning.then(() => this.#turn());
    this.#turning = turned;
    return turned;
  }

  waitInMs(): number {
    return Math.max(0, this.#dueAt - this.#options.clock.now());
  }

  /** Ends after the sweep in hand, and lets another process go on at once. */
  async stop(): Promise<void> {
    await this.#turning;
    const owned = [...this.#owned.values()].flat();
    this.#owned.clear();
    await this.#options.subscriptions.release(owned).catch(() => undefined);
  }

  async #turn(): Promise<boolean> {
    const { clock, everyInMs = 10_000 } = this.#options;
    if (clock.now() < this.#dueAt) return false;
    this.#dueAt = clock.now() + everyInMs;
    await Promise.all(this.#projections.map((projection) => this.#tend(projection)));
    return false;
  }

  async #tend(projection: RunningProjection): Promise<void> {
    const { name } = projection.registration;
    const { observe } = this.#options;
    try {
      const owned = await this.#acquire(await this.#copiesOf(projection));
      this.#owned.set(name, [...owned.values()]);
      for (const [copy, partition] of owned) await this.#sweep(projection, copy, partition);
      if (this.#failing.delete(name)) observe?.({ kind: 'sweep-resumed', projection: name });
    } catch (error) {
      if (!this.#failing.has(name)) observe?.({ kind: 'sweep-failed', projection: name, error });
      this.#failing.add(name);
    }
  }

  async #copiesOf({ registration, store }: RunningProjection): Promise<readonly CopyInfo[]> {
    const { model, version } = registration.definition;
    const copies = await store.list(model);
    return copies.filter((copy) => copy.version === version && copy.state !== 'abandoned');
  }

  async #acquire(copies: readonly CopyInfo[]): Promise<ReadonlyMap<Copy, OwnedPartition>> {
    const { subscriptions, owner, leaseInMs = 30_000 } = this.#options;
    const acquired = new Map<Copy, OwnedPartition>();
    for (const { model, version, generation } of copies) {
      const copy = { model, version, generation };
      const request = { subscription: sweepNameOf(copy), partitions: [0], owner, leaseInMs };
      const [partition] = (await subscriptions.acquire(request)).owned;
      if (partition !== undefined) acquired.set(copy, partition);
    }
    return acquired;
  }

  async #sweep({ store }: RunningProjection, copy: Copy, partition: OwnedPartition): Promise<void> {
    const keep = (progress: string) => this.#keep(partition, progress);
    await keep(await store.sweep!(copy, partition.checkpoint?.evidence, keep));
  }

  async #keep(ownership: OwnedPartition, evidence: string): Promise<void> {
    const { subscriptions } = this.#options;
    const [outcome] = await subscriptions.advance([{ ownership, checkpoint: { ...place, evidence } }]);
    if (outcome === 'fenced') throw new FencedError(ownership.subscription, ownership.partition);
  }
}
