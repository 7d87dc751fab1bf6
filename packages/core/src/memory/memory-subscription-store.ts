import type { Clock } from '../clock/clock.js';
import type { Checkpoint } from '../journal/checkpoint.js';
import type { Position } from '../partitions/position.js';
import type {
  NewParkedMessage,
  ParkedFailure,
  ParkedMessage,
  ParkedQuery,
} from '../subscriptions/parked-message.js';
import type {
  Acquired,
  AcquireRequest,
  Discarded,
  FencedOr,
  OwnedPartition,
  Ownership,
  ParkedAddress,
  PartitionState,
  SeizeRequest,
  SubscriptionStore,
} from '../subscriptions/subscription-store.js';
import { MemorySubscriptionPartition } from './memory-subscription-partition.js';

interface Subscription {
  readonly partitions: Map<number, MemorySubscriptionPartition>;
  /** Until when each owner counts for the fair share. */
  readonly signsOfLife: Map<string, number>;
}

/** The reference meaning of `SubscriptionStore`: each call is one synchronous step, so it is atomic. */
export class MemorySubscriptionStore implements SubscriptionStore {
  readonly #clock: Clock;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #discarded = new Map<string, Discarded[]>();
  readonly #listeners = new Set<(subscription: string) => void>();

  /** The clock is the store's own: leases and due times are by it alone. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async acquire(request: AcquireRequest): Promise<Acquired> {
    const { owner, leaseInMs, most = Number.POSITIVE_INFINITY } = request;
    const now = this.#clock.now();
    const { signsOfLife } = this.#subscription(request.subscription);
    signsOfLife.set(owner, now + leaseInMs);
    const wanted = request.partitions.map((partition) => this.#partition(request.subscription, partition));
    const held = wanted.filter((partition) => partition.owner === owner);
    for (const partition of held) partition.leaseUntil = now + leaseInMs;
    const free = wanted.filter((partition) => partition.owner !== owner && partition.isFree(now));
    const taken = free.slice(0, Math.max(0, most - held.length));
    for (const partition of taken) partition.take(owner, now + leaseInMs);
    const owners = [...signsOfLife.values()].filter((until) => until > now).length;
    return { owned: [...held, ...taken].map(ownedBy), owners };
  }

  async seize({ subscription, partition, owner, leaseInMs }: SeizeRequest): Promise<OwnedPartition> {
    const now = this.#clock.now();
    this.#subscription(subscription).signsOfLife.set(owner, now + leaseInMs);
    const seized = this.#partition(subscription, partition);
    seized.take(owner, now + leaseInMs);
    return ownedBy(seized);
  }

  async release(owned: readonly Ownership[]): Promise<void> {
    for (const ownership of owned) {
      const partition = this.#own(ownership);
      if (partition === undefined) continue;
      partition.owner = undefined;
      const { partitions, signsOfLife } = this.#subscription(ownership.subscription);
      const holdsMore = [...partitions.values()].some(({ owner }) => owner === ownership.owner);
      if (!holdsMore) signsOfLife.delete(ownership.owner);
      this.#changed(ownership.subscription);
    }
  }

  async advance(
    moves: readonly { readonly ownership: Ownership; readonly checkpoint: Checkpoint }[],
  ): Promise<readonly FencedOr<'advanced'>[]> {
    return moves.map(({ ownership, checkpoint }) =>
      this.#write(ownership, (partition) => {
        partition.advance(checkpoint, this.#clock.now());
        return 'advanced';
      }),
    );
  }

  async rewind(ownership: Ownership, checkpoint: Checkpoint | undefined): Promise<FencedOr<'rewound'>> {
    return this.#write(ownership, (partition) => {
      partition.rewind(checkpoint, this.#clock.now());
      return 'rewound';
    });
  }

  async park(ownership: Ownership, messages: readonly NewParkedMessage[]): Promise<FencedOr<'parked'>> {
    return this.#write(ownership, (partition) => {
      for (const message of messages) partition.park(message, this.#clock.now());
      return 'parked';
    });
  }

  async gatedKeys(ownership: Ownership): Promise<FencedOr<ReadonlySet<string>>> {
    return this.#own(ownership)?.gatedKeys ?? 'fenced';
  }

  async ready(ownership: Ownership, limit: number): Promise<readonly ParkedMessage[]> {
    return this.#own(ownership)?.ready(this.#clock.now(), limit) ?? [];
  }

  async nextDueInMs(ownership: Ownership): Promise<number | undefined> {
    return this.#own(ownership)?.nextDueInMs(this.#clock.now());
  }

  async settleParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    return this.#write(ownership, (partition) => partition.takeHead(key, position));
  }

  async discardParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    return this.#write(ownership, (partition) => {
      const discards = this.#discarded.get(ownership.subscription) ?? [];
      const isKnown = discards.some((one) => one.key === key && one.position === position);
      if (!isKnown) discards.push({ partition: ownership.partition, key, position });
      this.#discarded.set(ownership.subscription, discards);
      return partition.takeHead(key, position);
    });
  }

  async failParked(
    ownership: Ownership,
    key: string,
    position: Position,
    failure: ParkedFailure,
  ): Promise<FencedOr<'parked'>> {
    return this.#write(ownership, (partition) => {
      partition.fail(key, position, failure, this.#clock.now());
      return 'parked';
    });
  }

  async discarded(subscription: string): Promise<readonly Discarded[]> {
    return [...(this.#discarded.get(subscription) ?? [])];
  }

  async state(subscription: string, asked?: readonly number[]): Promise<readonly PartitionState[]> {
    const now = this.#clock.now();
    const partitions = [...(this.#subscriptions.get(subscription)?.partitions.values() ?? [])];
    return partitions
      .filter(({ epoch, partition }) => epoch > 0 && (asked?.includes(partition) ?? true))
      .map((one) => ({
        partition: one.partition,
        owner: one.isFree(now) ? undefined : one.owner,
        epoch: one.epoch,
        checkpoint: one.checkpoint,
        checkpointAgeInMs: one.checkpointMovedAt === undefined ? undefined : now - one.checkpointMovedAt,
        parkedKeys: one.gatedKeys.size,
      }))
      .sort((one, other) => one.partition - other.partition);
  }

  async listParked({
    subscription,
    partition,
    key,
    messageId,
    state,
    limit,
  }: ParkedQuery): Promise<readonly ParkedMessage[]> {
    const now = this.#clock.now();
    return [...this.#subscriptions]
      .filter(([name]) => subscription === undefined || name === subscription)
      .flatMap(([, { partitions }]) => [...partitions.values()].flatMap((one) => one.parked(now)))
      .filter((one) => partition === undefined || one.partition === partition)
      .filter((one) => key === undefined || one.key === key)
      .filter((one) => messageId === undefined || one.messageId === messageId)
      .filter((one) => state === undefined || one.state === state)
      .sort((one, other) => (one.position < other.position ? -1 : 1))
      .slice(0, limit);
  }

  async requestRetry(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'retry');
  }

  async requestDiscard(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'discard');
  }

  async forget(subscription: string, { discardsToo = false } = {}): Promise<void> {
    this.#subscriptions.delete(subscription);
    if (discardsToo) this.#discarded.delete(subscription);
    this.#changed(subscription);
  }

  onChange(listener: (subscription: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #wish({ subscription, partition, key, position }: ParkedAddress, wish: 'retry' | 'discard') {
    const found = this.#subscriptions.get(subscription)?.partitions.get(partition);
    if (!found?.wish(key, position, wish)) return 'not-parked';
    this.#changed(subscription);
    return 'requested';
  }

  #write<T>(ownership: Ownership, write: (partition: MemorySubscriptionPartition) => T): FencedOr<T> {
    const partition = this.#own(ownership);
    if (partition === undefined) return 'fenced';
    const answer = write(partition);
    this.#changed(ownership.subscription);
    return answer;
  }

  /** The partition, if this ownership is still the present one. */
  #own({ subscription, partition, owner, epoch }: Ownership): MemorySubscriptionPartition | undefined {
    const found = this.#subscriptions.get(subscription)?.partitions.get(partition);
    return found?.owner === owner && found.epoch === epoch ? found : undefined;
  }

  #subscription(name: string): Subscription {
    const known = this.#subscriptions.get(name) ?? { partitions: new Map(), signsOfLife: new Map() };
    this.#subscriptions.set(name, known);
    return known;
  }

  #partition(subscription: string, partition: number): MemorySubscriptionPartition {
    const { partitions } = this.#subscription(subscription);
    const known = partitions.get(partition) ?? new MemorySubscriptionPartition(subscription, partition);
    partitions.set(partition, known);
    return known;
  }

  #changed(subscription: string): void {
    for (const listener of this.#listeners) listener(subscription);
  }
}

function ownedBy({
  subscription,
  partition,
  owner,
  epoch,
  checkpoint,
}: MemorySubscriptionPartition): OwnedPartition {
  return { subscription, partition, owner: owner as string, epoch, checkpoint };
}
