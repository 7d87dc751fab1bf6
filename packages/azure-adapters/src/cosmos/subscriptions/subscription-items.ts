import { createHash } from 'node:crypto';
import { type Checkpoint, type Position, restored, stored } from '@diptych/core';

/** Each subscription is one logical partition: all items of it have its name here. */
interface Item {
  readonly id: string;
  readonly subscription: string;
}

/** Who has a partition, and until when. Times are those of the store, in milliseconds since the Unix epoch. */
export interface Lease {
  readonly partition: number;
  readonly owner: string | null;
  readonly epoch: number;
  readonly until: number;
}

/** All leases of a subscription, and the signs of life of its owners: one item, so that a renewal is one write. */
export interface LeasesItem extends Item {
  readonly kind: 'leases';
  readonly leases: readonly Lease[];
  readonly owners: readonly { readonly owner: string; readonly until: number }[];
  /** What is left of the subscription is being removed: nobody takes anything before that is done. */
  readonly isForgotten: boolean;
  /** Which write this is the work of, for a writer whose answer got lost. */
  readonly lastWrite: string | null;
}

/** What the writes of a partition's owner begin with. Owner and epoch are those of the lease, written together with it. */
export interface PartitionItem extends Item {
  readonly kind: 'partition';
  readonly partition: number;
  readonly owner: string | null;
  readonly epoch: number;
  readonly checkpoint: Checkpoint | null;
  readonly movedAt: number | null;
  readonly parkedKeys: number;
  /** The place that the next parked message gets: they wait in the order of their places. */
  readonly nextPlace: number;
  /** Which write this is the work of, for a writer whose answer got lost. */
  readonly lastWrite: string | null;
}

export interface ParkedItem extends Item {
  readonly kind: 'parked';
  readonly partition: number;
  readonly key: string;
  /** A digest of the key, for indexes: keys may be long. */
  readonly keyId: string;
  readonly position: Position;
  readonly place: number;
  readonly messageId: string;
  readonly name: string;
  /** JSON. */
  readonly copy: string | null;
  /** JSON. */
  readonly failure: string | null;
  readonly parkedAt: number;
  readonly dueAt: number | null;
  readonly isHead: boolean;
  /** Of a head: when it may run. 0: nothing holds it back; `null`: an operator must act. */
  readonly runAt: number | null;
  readonly wish: 'retry' | 'discard' | null;
  /** Of the last wish, for an operator whose answer got lost. */
  readonly wishId: string | null;
}

export interface DiscardedItem extends Item {
  readonly kind: 'discarded';
  readonly partition: number;
  readonly key: string;
  readonly position: Position;
}

export type SubscriptionItem = LeasesItem | PartitionItem | ParkedItem | DiscardedItem;

export const leasesId = 'leases';

export const partitionId = (partition: number) => `partition-${partition}`;

/** Ids may not be long, nor hold every character. */
export function parkedId(partition: number, key: string, position: Position): string {
  return `parked-${partition}-${keyIdOf(key)}-${position}`;
}

export function discardedId(partition: number, key: string, position: Position): string {
  return `discarded-${partition}-${keyIdOf(key)}-${position}`;
}

export function keyIdOf(key: string): string {
  return createHash('sha256').update(JSON.stringify(key)).digest('hex');
}

/** A partition that nobody has had yet, as its first owner gets it. */
export function newPartition(
  subscription: string,
  { partition, owner, epoch }: Pick<PartitionItem, 'partition' | 'owner' | 'epoch'>,
): PartitionItem {
  return {
    id: partitionId(partition),
    subscription: stored(subscription),
    kind: 'partition',
    partition,
    owner,
    epoch,
    checkpoint: null,
    movedAt: null,
    parkedKeys: 0,
    nextPlace: 0,
    lastWrite: null,
  };
}

export function storedCheckpoint({ position, entryId, evidence }: Checkpoint): Checkpoint {
  return {
    position,
    entryId: stored(entryId),
    ...(evidence !== undefined && { evidence: stored(evidence) }),
  };
}

export function checkpointOf({ checkpoint }: PartitionItem): Checkpoint | undefined {
  if (checkpoint === null) return undefined;
  const { position, entryId, evidence } = checkpoint;
  return {
    position,
    entryId: restored(entryId),
    ...(evidence !== undefined && { evidence: restored(evidence) }),
  };
}
