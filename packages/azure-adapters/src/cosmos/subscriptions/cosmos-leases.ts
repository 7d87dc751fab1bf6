import type { Acquired, AcquireRequest, OwnedPartition, Ownership, SeizeRequest } from '@diptych/core';
import type { KnownPartitions } from './known-partitions.js';
import type { LeaseTable } from './lease-table.js';
import type { LeaseWriter } from './lease-writer.js';
import { checkpointOf, type PartitionItem } from './subscription-items.js';
import type { Found } from './subscription-space.js';

/** Who owns which partition. */
export class CosmosLeases {
  readonly #writer: LeaseWriter;
  readonly #known: KnownPartitions;

  constructor(writer: LeaseWriter, known: KnownPartitions) {
    this.#writer = writer;
    this.#known = known;
  }

  async acquire({ subscription, owner, leaseInMs, most, ...request }: AcquireRequest): Promise<Acquired> {
    const wanted = [...new Set(request.partitions)];
    let mine: readonly number[] = [];
    let acquired: Acquired = { owned: [], owners: 0 };
    await this.#writer.change(subscription, {
      apply(table) {
        table.signOfLife(owner, leaseInMs);
        const held = wanted.filter((partition) => table.isOwnedBy(owner, partition));
        for (const partition of held) table.renew(partition, leaseInMs);
        const free = wanted.filter((partition) => !held.includes(partition) && table.isFree(partition));
        const open = most === undefined ? free : free.slice(0, Math.max(0, most - held.length));
        const taken = open.filter((partition) => table.take(partition, owner, leaseInMs));
        mine = [...held, ...taken];
        return taken.length === open.length;
      },
      done: (owners, partitions) => {
        const owned = mine.map((partition) => this.#owned(subscription, owner, partitions.get(partition)!));
        acquired = { owned, owners };
      },
    });
    return acquired;
  }

  async seize({ subscription, partition, owner, leaseInMs }: SeizeRequest): Promise<OwnedPartition> {
    let seized: OwnedPartition | undefined;
    await this.#writer.change(subscription, {
      apply(table) {
        table.signOfLife(owner, leaseInMs);
        return table.take(partition, owner, leaseInMs);
      },
      done: (_, partitions) => {
        seized = this.#owned(subscription, owner, partitions.get(partition)!);
      },
    });
    return seized!;
  }

  /** Gives partitions of one subscription back. Says whether any of them was still the owner's. */
  async release(subscription: string, ownerships: readonly Ownership[]): Promise<boolean> {
    let left = ownerships;
    let isReleased = false;
    for (const one of ownerships) this.#known.forget(one);
    await this.#writer.change(subscription, {
      apply(table: LeaseTable) {
        const own = ownerships.filter((one) => table.isOwned(one));
        left = own.filter((one) => !table.free(one));
        isReleased ||= own.length > left.length;
        return left.length === 0;
      },
      done() {},
    });
    return isReleased;
  }

  #owned(subscription: string, owner: string, found: Found<PartitionItem>): OwnedPartition {
    const { partition, epoch } = found.item;
    const owned = { subscription, partition, owner, epoch };
    this.#known.remember(owned, found);
    return { ...owned, checkpoint: checkpointOf(found.item) };
  }
}
