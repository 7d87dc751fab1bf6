import { type PartitionState, restored } from '@diptych/core';
import { storeTime } from './store-time.js';
import { checkpointOf, type LeasesItem, type PartitionItem, partitionId } from './subscription-items.js';
import type { SubscriptionSpace } from './subscription-space.js';

/**
 * How far partitions have come. What a replica that lags tells is less than there is, never more, and the partition is
 * one item: a checkpoint never comes without the keys that were parked before it moved.
 */
export class PartitionStates {
  readonly #space: SubscriptionSpace;

  constructor(space: SubscriptionSpace) {
    this.#space = space;
  }

  async all(subscription: string): Promise<readonly PartitionState[]> {
    const rows = await this.#space.rows<{ item: PartitionItem | LeasesItem; now: number }>(subscription, {
      query: `SELECT c AS item, ${storeTime} AS now FROM c WHERE c.kind IN ('leases', 'partition')`,
    });
    const items = rows.map(({ item }) => item);
    const leases = items.find((item) => item.kind === 'leases');
    if (leases === undefined || leases.isForgotten) return [];
    const ends = new Map(leases.leases.map(({ partition, until }) => [partition, until]));
    return rows
      .flatMap(({ item, now }) => {
        if (item.kind !== 'partition') return [];
        const isOver = (ends.get(item.partition) ?? 0) <= now;
        return [{ ...stateOf(item, now), ...(isOver && { owner: undefined }) }];
      })
      .sort((one, other) => one.partition - other.partition);
  }

  /**
   * One point read for each. The leases are not asked: an owner that died is still told of. The age of a checkpoint is
   * right to the second.
   */
  async some(subscription: string, partitions: readonly number[]): Promise<readonly PartitionState[]> {
    const asked = [...new Set(partitions)].sort((one, other) => one - other);
    const found = await Promise.all(
      asked.map(async (partition) => {
        const { item, now } = await this.#space.point<PartitionItem>(subscription, partitionId(partition));
        return item === undefined ? [] : [stateOf(item, now)];
      }),
    );
    return found.flat();
  }
}

function stateOf(item: PartitionItem, now: number | undefined): PartitionState {
  const { partition, owner, epoch, movedAt, parkedKeys } = item;
  const isTimed = movedAt !== null && now !== undefined;
  return {
    partition,
    owner: owner === null ? undefined : restored(owner),
    epoch,
    checkpoint: checkpointOf(item),
    checkpointAgeInMs: isTimed ? Math.max(0, now - movedAt) : undefined,
    parkedKeys,
  };
}
