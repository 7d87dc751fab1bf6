import type { Acquired, AcquireRequest, OwnedPartition, Ownership, SeizeRequest } from '@diptych/core';
import type { KnownPartitions } from './known-partitions.js';
import type { LeaseTable } from './lease-table.js';
import type { LeaseWriter, Partitions } from './lease-writer.js';
import { checkpointOf } from './subscription-items.js';

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
    let mine: readonly Ownership[] = [];
    let acquired: Acquired = { owned: [], owners: 0 };
    const ownership = (partition: number, table: LeaseTable): Ownership => {
      return { subscription, partition, owner, epoch: table.epochOf(partition) };
    };
    await this.#writer.change(subscription, {
      apply(table) {
        table.signOfLife(owner, leaseInMs);
        const held = wanted.filter((partition) => table.isOwnedBy(owner, partition));
        for (const partition of held) table.renew(partition, leaseInMs);
        const free = wanted.filter((partition) => !held.includes(partition) && table.isFree(partition));
        const open = most === undefined ? free : free.slice(0, Math.max(0, most - held.length));
        const taken = open.filter((partition) => table.take(partition, owner, leaseInMs));
        mine = [...held, ...taken].map((partition) => ownership(partition, table));
        return taken.length === open.length;
      },
      done: (owners, partitions) => {
        acquired = { owned: mine.map((one) => this.#owned(one, partitions)), owners };
      },
    });
    return acquired;
  }

  async seize({ subscription, partition, owner, leaseInMs }: SeizeRequest): Promise<OwnedPartition> {
    let epoch = 0;
    let seized: OwnedPartition | undefined;
    await this.#writer.change(subscription, {
      apply(table) {
        table.signOfLife(owner, leaseInMs);
        const isTaken = table.take(partition, owner, leaseInMs);
        epoch = table.epochOf(partition);
        return isTaken;
      },
      done: (_, partitions) => {
        seized = this.#owned({ subscription, partition, owner, epoch }, partitions);
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

  /** Another change of the same write may have given it to somebody else since: then its first write is fenced. */
  #owned(ownership: Ownership, partitions: Partitions): OwnedPartition {
    const found = partitions.get(ownership.partition)!;
    if (found.item.epoch === ownership.epoch) this.#known.remember(ownership, found);
    return { ...ownership, checkpoint: checkpointOf(found.item) };
  }
}
