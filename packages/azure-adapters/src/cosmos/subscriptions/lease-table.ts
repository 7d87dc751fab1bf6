import { type Ownership, restored, stored } from '@diptych/core';
import type { Lease, LeasesItem } from './subscription-items.js';

/**
 * The leases of a subscription as they are at a moment, and what becomes of them. Nothing is written here: whoever
 * writes it does so on the condition that nobody else has.
 */
export class LeaseTable {
  /** The store's time. */
  readonly now: number;
  readonly #leases: Map<number, Lease>;
  readonly #owners: Map<string, number>;
  /** Of these the owner or the epoch is another one now. */
  readonly #changed = new Set<number>();
  #room: number;
  #isChanged = false;

  /** `room` bounds how many partitions may change owners in one write. */
  constructor(item: LeasesItem | undefined, now: number, room: number) {
    this.now = now;
    this.#room = room;
    this.#leases = new Map(item?.leases.map((lease) => [lease.partition, lease]));
    const alive = item?.owners.filter(({ until }) => until > now) ?? [];
    this.#owners = new Map(alive.map(({ owner, until }) => [restored(owner), until]));
  }

  get isChanged(): boolean {
    return this.#isChanged;
  }

  get changed(): readonly Lease[] {
    return [...this.#changed].map((partition) => this.#leases.get(partition)!);
  }

  get leases(): readonly Lease[] {
    return [...this.#leases.values()];
  }

  /** How many owners have given a sign of life that still counts. */
  get owners(): number {
    return this.#owners.size;
  }

  epochOf(partition: number): number {
    return this.#leases.get(partition)?.epoch ?? 0;
  }

  isOwnedBy(owner: string, partition: number): boolean {
    return this.#ownerOf(partition) === owner;
  }

  isFree(partition: number): boolean {
    const lease = this.#leases.get(partition);
    return lease === undefined || lease.owner === null || lease.until <= this.now;
  }

  signOfLife(owner: string, leaseInMs: number): void {
    this.#owners.set(owner, this.now + leaseInMs);
    this.#isChanged = true;
  }

  renew(partition: number, leaseInMs: number): void {
    const lease = this.#leases.get(partition);
    if (lease !== undefined) this.#leases.set(partition, { ...lease, until: this.now + leaseInMs });
    this.#isChanged = true;
  }

  /** Gives the partition to that owner, under a new epoch. False where there is no more room in this write. */
  take(partition: number, owner: string, leaseInMs: number): boolean {
    const epoch = this.epochOf(partition) + 1;
    return this.#set({ partition, owner: stored(owner), epoch, until: this.now + leaseInMs });
  }

  isOwned({ partition, owner, epoch }: Ownership): boolean {
    return this.isOwnedBy(owner, partition) && this.epochOf(partition) === epoch;
  }

  /**
   * Takes a partition back. Whoever has nothing left does not count until it asks again. False where there is no more
   * room in this write.
   */
  free({ partition, owner, epoch }: Ownership): boolean {
    if (!this.#set({ partition, owner: null, epoch, until: 0 })) return false;
    if (![...this.#leases.keys()].some((one) => this.isOwnedBy(owner, one))) this.#owners.delete(owner);
    return true;
  }

  /** As it is kept. */
  content(): Pick<LeasesItem, 'leases' | 'owners'> {
    return {
      leases: this.leases,
      owners: [...this.#owners].map(([owner, until]) => ({ owner: stored(owner), until })),
    };
  }

  #ownerOf(partition: number): string | undefined {
    const owner = this.#leases.get(partition)?.owner;
    return owner === null || owner === undefined ? undefined : restored(owner);
  }

  #set(lease: Lease): boolean {
    const { partition } = lease;
    if (!this.#changed.has(partition)) {
      if (this.#room === 0) return false;
      this.#room -= 1;
      this.#changed.add(partition);
    }
    this.#leases.set(partition, lease);
    this.#isChanged = true;
    return true;
  }
}
