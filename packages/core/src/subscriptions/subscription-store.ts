import type { Checkpoint } from '../journal/checkpoint.js';
import type { Position } from '../partitions/position.js';
import type { NewParkedMessage, ParkedFailure, ParkedMessage, ParkedQuery } from './parked-message.js';

/** The one "partition" of a subscription that reads all partitions in position order. */
export const globalPartition = -1;

/**
 * The key of a message whose own key cannot be told. While it is parked, the whole partition of the subscription
 * stands still before it; a retry looks at it again, a discard passes it over.
 */
export const wholePartition = '';

/**
 * The right to write for one (subscription, partition). The epoch is a fencing token: it rises with each change
 * of owner, and every write compares it, so that an owner who lost the partition without noticing can change
 * nothing.
 */
export interface Ownership {
  readonly subscription: string;
  readonly partition: number;
  readonly owner: string;
  readonly epoch: number;
}

export interface OwnedPartition extends Ownership {
  readonly checkpoint: Checkpoint | undefined;
}

export interface PartitionState {
  readonly partition: number;
  readonly owner: string | undefined;
  readonly epoch: number;
  readonly checkpoint: Checkpoint | undefined;
  /** How long ago the checkpoint moved, by the store's clock; `undefined` when there is none. */
  readonly checkpointAgeInMs: number | undefined;
  /** How many keys have parked messages. */
  readonly parkedKeys: number;
}

export interface AcquireRequest {
  readonly subscription: string;
  /** The partitions wanted, those already held included. */
  readonly partitions: readonly number[];
  readonly owner: string;
  readonly leaseInMs: number;
  /** How many the owner may hold at most: free ones beyond it are left. Default: no bound. */
  readonly most?: number;
}

export interface SeizeRequest {
  readonly subscription: string;
  readonly partition: number;
  readonly owner: string;
  readonly leaseInMs: number;
}

export interface Acquired {
  /** What the owner holds now. A partition that another one holds is not in it. */
  readonly owned: readonly OwnedPartition[];
  /** How many owners, this one included, have asked within their lease time: for a fair share. */
  readonly owners: number;
}

/** The answer to a write: `fenced` means that nothing was written, for the partition has another owner. */
export type FencedOr<T> = T | 'fenced';

/**
 * Checkpoints, leases, epochs, gates and parked messages. What one call writes for one (subscription, partition)
 * is atomic; several partitions in one call are not. Times are by the store's own clock, so callers give
 * durations. Partitions are those of the journal, or `globalPartition`.
 *
 * A **gate** stands for (subscription, partition, key) exactly while messages of the key are parked: it is
 * raised by the first `park`, and lifted by the write that takes the last one away.
 */
export interface SubscriptionStore {
  /**
   * Takes partitions that are free or whose lease is over, with a new epoch, and renews the lease of those
   * already held, with the same epoch. One round trip for all of them. Also counts as a sign of life.
   */
  acquire(request: AcquireRequest): Promise<Acquired>;
  /** Takes one partition whoever holds it, with a new epoch: a broker gave it to us, or a switch needs it. */
  seize(request: SeizeRequest): Promise<OwnedPartition>;
  /**
   * Gives partitions back at once. A stale ownership is ignored. An owner that holds nothing afterwards does not
   * count for the fair share until it asks again.
   */
  release(owned: readonly Ownership[]): Promise<void>;

  /**
   * Moves checkpoints, forward only; one that is there already takes the new evidence. Answers in the order asked.
   */
  advance(
    moves: readonly { readonly ownership: Ownership; readonly checkpoint: Checkpoint }[],
  ): Promise<readonly FencedOr<'advanced'>[]>;
  /**
   * Sets a checkpoint back, to the beginning if there is none to set it to: effects that it speaks of were lost. What
   * is parked, and what was discarded, stays.
   */
  rewind(ownership: Ownership, checkpoint: Checkpoint | undefined): Promise<FencedOr<'rewound'>>;

  /**
   * Parks messages at the end of their keys' queues, each key raising or holding its gate. One that is parked
   * already (same key and position) is left as it is, so a repeat after a crash changes nothing. One without a
   * failure and with nobody before it is ready at once.
   */
  park(ownership: Ownership, messages: readonly NewParkedMessage[]): Promise<FencedOr<'parked'>>;
  /**
   * The keys whose gate stands. `fenced`, and never an empty set, for an ownership that is stale: who believed that
   * nothing is parked would let followers overtake.
   */
  gatedKeys(ownership: Ownership): Promise<FencedOr<ReadonlySet<string>>>;
  /**
   * Heads of keys that can run now: the delay is over, or an operator said retry or discard; and the followers
   * that moved up to the head because the one before them was settled. In position order.
   */
  ready(ownership: Ownership, limit: number): Promise<readonly ParkedMessage[]>;
  /** When the next delayed head is due, in milliseconds from now; `undefined` when none is delayed. */
  nextDueInMs(ownership: Ownership): Promise<number | undefined>;
  /** Takes the head of a key away because it was handled. The next one becomes ready; after the last the gate is lifted. */
  settleParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>>;
  /** Takes the head of a key away because an operator discarded it, and remembers that for rebuilds. */
  discardParked(
    ownership: Ownership,
    key: string,
    position: Position,
  ): Promise<FencedOr<'settled' | 'gate-lifted'>>;
  /**
   * The head failed again: keeps its place, with the new failure. That was the retry that an operator wished for, if
   * one did; a wish to discard it stands.
   */
  failParked(
    ownership: Ownership,
    key: string,
    position: Position,
    failure: ParkedFailure,
  ): Promise<FencedOr<'parked'>>;
  /** Which messages operators discarded, for rebuilds: they are not applied again. */
  discarded(subscription: string): Promise<readonly Discarded[]>;

  /**
   * All partitions that were ever owned, for operators; or only those asked about, at the least cost that the store
   * has for each, for `after`.
   */
  state(subscription: string, partitions?: readonly number[]): Promise<readonly PartitionState[]>;
  listParked(query: ParkedQuery): Promise<readonly ParkedMessage[]>;
  /**
   * An operator's wish: the head of the key runs at the owner's next turn. Only the owner runs it.
   * `not-parked` when there is no such head (any more), or when another operator was first and the owner has
   * not acted on that wish yet.
   */
  requestRetry(at: ParkedAddress): Promise<'requested' | 'not-parked'>;
  /** An operator's wish: the owner drops the head of the key at its next turn. Answers as `requestRetry`. */
  requestDiscard(at: ParkedAddress): Promise<'requested' | 'not-parked'>;

  /** Removes everything about a subscription: checkpoints, leases, parked messages. Its discards are kept unless told. */
  forget(subscription: string, options?: { readonly discardsToo?: boolean }): Promise<void>;
  /** Called when something changed in this process that waiters care about. Absent where that cannot be heard of. */
  onChange?(listener: (subscription: string) => void): () => void;
}

export interface Discarded {
  readonly partition: number;
  readonly key: string;
  readonly position: Position;
}

export interface ParkedAddress {
  readonly subscription: string;
  readonly partition: number;
  readonly key: string;
  readonly position: Position;
}
