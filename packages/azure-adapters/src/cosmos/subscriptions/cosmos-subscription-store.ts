import type { Container } from '@azure/cosmos';
import {
  type Acquired,
  type AcquireRequest,
  type Checkpoint,
  type Clock,
  type Discarded,
  type FencedOr,
  type NewParkedMessage,
  type OwnedPartition,
  type Ownership,
  type ParkedAddress,
  type ParkedFailure,
  type ParkedMessage,
  type ParkedQuery,
  type PartitionState,
  type Position,
  restored,
  type SeizeRequest,
  type SubscriptionStore,
} from '@diptych/core';
import { advancePlan, rewindPlan } from './checkpoints.js';
import { CosmosLeases } from './cosmos-leases.js';
import { FencedWrites } from './fenced-writes.js';
import { Forgetting } from './forgetting.js';
import { KnownPartitions } from './known-partitions.js';
import { LeaseWriter } from './lease-writer.js';
import { ParkedQueries } from './parked-queries.js';
import { Parking } from './parking.js';
import { PartitionStates } from './partition-states.js';
import { StoreTime } from './store-time.js';
import { type DiscardedItem, leasesId, type PartitionItem } from './subscription-items.js';
import { SubscriptionSpace } from './subscription-space.js';

/** Checkpoints, leases, epochs and parked messages in a container of Cosmos DB. */
export class CosmosSubscriptionStore implements SubscriptionStore {
  readonly #space: SubscriptionSpace;
  readonly #time: StoreTime;
  readonly #known = new KnownPartitions();
  readonly #leases: CosmosLeases;
  readonly #writes: FencedWrites;
  readonly #queries: ParkedQueries;
  readonly #parking: Parking;
  readonly #states: PartitionStates;
  readonly #forgetting: Forgetting;
  readonly #listeners = new Set<(subscription: string) => void>();

  /** The clock is the program's: it only measures what has passed since the store told its own time. */
  constructor(container: Container, clock: Clock) {
    this.#space = new SubscriptionSpace(container);
    this.#time = new StoreTime(this.#space, clock);
    this.#forgetting = new Forgetting(this.#space);
    const writer = new LeaseWriter(this.#space, this.#time, (name) => this.#forgetting.finish(name));
    this.#leases = new CosmosLeases(writer, this.#known);
    this.#writes = new FencedWrites(this.#space, this.#known);
    this.#queries = new ParkedQueries(this.#space, this.#time);
    this.#parking = new Parking(this.#space, this.#writes, this.#queries, this.#time);
    this.#states = new PartitionStates(this.#space);
  }

  acquire(request: AcquireRequest): Promise<Acquired> {
    return this.#leases.acquire(request);
  }

  seize(request: SeizeRequest): Promise<OwnedPartition> {
    return this.#leases.seize(request);
  }

  async release(owned: readonly Ownership[]): Promise<void> {
    const subscriptions = [...new Set(owned.map(({ subscription }) => subscription))];
    await Promise.all(
      subscriptions.map(async (subscription) => {
        const ownerships = owned.filter((one) => one.subscription === subscription);
        if (await this.#leases.release(subscription, ownerships)) this.#changed(subscription);
      }),
    );
  }

  advance(
    moves: readonly { readonly ownership: Ownership; readonly checkpoint: Checkpoint }[],
  ): Promise<readonly FencedOr<'advanced'>[]> {
    return Promise.all(
      moves.map(async ({ ownership, checkpoint }) => {
        const now = await this.#time.about(ownership.subscription);
        const plan = (partition: PartitionItem) => advancePlan(partition, checkpoint, now);
        return this.#told(ownership, this.#writes.write(ownership, plan, { mayKnow: true }));
      }),
    );
  }

  async rewind(ownership: Ownership, checkpoint: Checkpoint | undefined): Promise<FencedOr<'rewound'>> {
    const now = await this.#time.about(ownership.subscription);
    const plan = () => rewindPlan(checkpoint, now);
    return this.#told(ownership, this.#writes.write(ownership, plan, { mayKnow: true }));
  }

  park(ownership: Ownership, messages: readonly NewParkedMessage[]): Promise<FencedOr<'parked'>> {
    return this.#told(ownership, this.#parking.park(ownership, messages));
  }

  /** Looks at the partition again afterwards: nobody parked or settled anything while the keys were listed. */
  async gatedKeys(ownership: Ownership): Promise<FencedOr<ReadonlySet<string>>> {
    for (;;) {
      const { found, session } = await this.#writes.own(ownership);
      if (found === undefined) return 'fenced';
      if (found.item.parkedKeys === 0) return new Set();
      const keys = await this.#queries.gated({ ...ownership, session });
      const after = await this.#writes.own(ownership);
      if (after.found?.etag === found.etag) return new Set(keys.map(restored));
    }
  }

  async ready(ownership: Ownership, limit: number): Promise<readonly ParkedMessage[]> {
    const { found, session } = await this.#writes.own(ownership);
    if (found === undefined || found.item.parkedKeys === 0) return [];
    return this.#queries.ready({ ...ownership, session }, limit);
  }

  async nextDueInMs(ownership: Ownership): Promise<number | undefined> {
    const { found, session } = await this.#writes.own(ownership);
    if (found === undefined || found.item.parkedKeys === 0) return undefined;
    return this.#queries.nextDueInMs({ ...ownership, session });
  }

  settleParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    return this.#told(ownership, this.#parking.settle(ownership, key, position));
  }

  discardParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    return this.#told(ownership, this.#parking.discard(ownership, key, position));
  }

  failParked(
    ownership: Ownership,
    key: string,
    position: Position,
    failure: ParkedFailure,
  ): Promise<FencedOr<'parked'>> {
    return this.#told(ownership, this.#parking.fail(ownership, key, position, failure));
  }

  /** No older than what the write quorum has: a rebuild would apply what it does not know to be discarded. */
  async discarded(subscription: string): Promise<readonly Discarded[]> {
    const { session } = await this.#space.fresh(subscription, leasesId);
    const items = await this.#space.rows<DiscardedItem>(
      subscription,
      { query: `SELECT * FROM c WHERE c.kind = 'discarded' ORDER BY c.position` },
      { session },
    );
    return items.map(({ partition, key, position }) => ({ partition, key: restored(key), position }));
  }

  state(subscription: string, partitions?: readonly number[]): Promise<readonly PartitionState[]> {
    return partitions === undefined
      ? this.#states.all(subscription)
      : this.#states.some(subscription, partitions);
  }

  listParked(query: ParkedQuery): Promise<readonly ParkedMessage[]> {
    return this.#queries.list(query);
  }

  requestRetry(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'retry');
  }

  requestDiscard(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'discard');
  }

  async forget(subscription: string, { discardsToo = false } = {}): Promise<void> {
    this.#known.forgetAll(subscription);
    await this.#forgetting.forget(subscription);
    if (discardsToo) await this.#forgetting.forgetDiscards(subscription);
    this.#changed(subscription);
  }

  onChange(listener: (subscription: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #wish(at: ParkedAddress, wish: 'retry' | 'discard'): Promise<'requested' | 'not-parked'> {
    const answer = await this.#parking.wish(at, wish);
    if (answer === 'requested') this.#changed(at.subscription);
    return answer;
  }

  async #told<Answer>(
    { subscription }: Ownership,
    work: Promise<FencedOr<Answer>>,
  ): Promise<FencedOr<Answer>> {
    const answer = await work;
    if (answer !== 'fenced') this.#changed(subscription);
    return answer;
  }

  #changed(subscription: string): void {
    for (const listener of this.#listeners) listener(subscription);
  }
}
