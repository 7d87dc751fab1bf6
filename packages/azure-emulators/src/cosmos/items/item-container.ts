import type { Clock } from '../../clock/clock.js';
import type { Deadlines } from '../../clock/deadlines.js';
import { SortedTree } from '../../sorted-tree/sorted-tree.js';
import type { ContainerSettings } from '../account/container-settings.js';
import { itemRid } from '../account/resource-ids.js';
import { Replica, type ReplicationLag } from '../sessions/replica.js';
import { readTimeToLive } from './item-properties.js';
import { ItemSlot } from './item-slot.js';
import type { JsonObject } from './json.js';
import { ItemOrders, LogicalPartition } from './logical-partition.js';
import { OutdatedVersions } from './outdated-versions.js';
import { type PartitionKey, prefixOf } from './partition-key.js';
import type { StoredItem } from './stored-item.js';

export interface ContainerSurroundings {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly lag: ReplicationLag;
}

/** The items of a container, with the numbers of their writes. */
export class ItemContainer {
  /** The number of the last write. */
  lsn = 0;
  readonly orders = new ItemOrders();
  private readonly partitions = new SortedTree<string, LogicalPartition>();
  private readonly replica: Replica;
  private readonly outdated = new OutdatedVersions();
  private sequence = 0;

  constructor(
    readonly rid: string,
    readonly self: string,
    public settings: ContainerSettings,
    private readonly surroundings: ContainerSurroundings,
  ) {
    this.replica = new Replica(surroundings.lag);
  }

  now(): number {
    return this.surroundings.clock.now();
  }

  /** The last write that all replicas have. */
  get replicatedLsn(): number {
    return this.replica.lsn(this.lsn, this.now());
  }

  current(key: PartitionKey, id: string): StoredItem | undefined {
    return this.alive(this.partitions.get(key.text)?.slots.get(id)?.current);
  }

  /** What a replica has that is at `lsn`. */
  at(lsn: number, key: PartitionKey, id: string): StoredItem | undefined {
    return this.alive(this.partitions.get(key.text)?.slots.get(id)?.at(lsn));
  }

  alive(item: StoredItem | undefined): StoredItem | undefined {
    return item?.expiresAt !== undefined && item.expiresAt <= this.now() ? undefined : item;
  }

  /** The partition of a whole key, or all that begin with the parts of a shorter one. */
  partitionsOf(key: PartitionKey): readonly LogicalPartition[] {
    if (key.parts.length === this.settings.partitionKeyPaths.length) {
      const partition = this.partitions.get(key.text);
      return partition === undefined ? [] : [partition];
    }
    const prefix = prefixOf(key);
    const found: LogicalPartition[] = [];
    for (const [text, partition] of this.partitions.entries(prefix)) {
      if (!text.startsWith(prefix)) break;
      found.push(partition);
    }
    return found;
  }

  holderOf(key: PartitionKey, uniqueKey: string): string | undefined {
    const holder = this.partitions.get(key.text)?.uniqueKeys.get(uniqueKey);
    return holder !== undefined && this.current(key, holder) !== undefined ? holder : undefined;
  }

  systemProperties(before: StoredItem | undefined, order: number, etag: string): JsonObject {
    const rid = (before?.body._rid as string | undefined) ?? itemRid(this.rid, order);
    return {
      _rid: rid,
      _self: `${this.self}docs/${rid}/`,
      _etag: etag,
      _attachments: 'attachments/',
      _ts: Math.floor(this.now() / 1000),
    };
  }

  /** When an item expires that was written at `writtenAt`. */
  expiryOf(content: JsonObject, writtenAt: number): number | undefined {
    const { defaultTtl } = this.settings;
    if (defaultTtl === undefined) return undefined;
    const seconds = readTimeToLive(content.ttl) ?? defaultTtl;
    return seconds === -1 ? undefined : writtenAt + seconds * 1000;
  }

  apply(key: PartitionKey, lsn: number, changes: ReadonlyMap<string, StoredItem | undefined>): void {
    this.lsn = lsn;
    this.replica.committed(lsn, this.now());
    const partition = this.partitions.get(key.text) ?? new LogicalPartition(key);
    this.partitions.set(key.text, partition);
    // What the unit deletes gives its unique keys free for what it writes.
    for (const id of changes.keys()) this.release(partition, id);
    for (const [id, item] of changes) this.put(partition, id, lsn, item);
    this.outdated.forget(this.replicatedLsn, (slot) => this.drop(slot));
  }

  /** Nothing expires any more. */
  close(): void {
    for (const slot of this.orders.byCreation.values()) this.surroundings.deadlines.cancel(slot.deadline);
  }

  /** Takes a changed definition over; what is there expires by it from now on. */
  change(settings: ContainerSettings): void {
    this.settings = settings;
    for (const slot of this.orders.byCreation.valuesArray()) {
      const item = slot.current;
      if (item === undefined) continue;
      const expiresAt = this.expiryOf(item.body, (item.body._ts as number) * 1000);
      slot.replaceCurrent({ ...item, expiresAt });
      this.expireInTime(slot);
    }
  }

  private put(partition: LogicalPartition, id: string, lsn: number, item: StoredItem | undefined): void {
    const slot = partition.slots.get(id) ?? this.newSlot(partition, id);
    const before = slot.current;
    if (before === undefined && item === undefined) return;
    for (const { byWrite } of [this.orders, partition]) {
      if (before !== undefined) byWrite.delete(before.order);
      if (item !== undefined) byWrite.set(item.order, slot);
    }
    slot.add({ lsn, item });
    this.outdated.add(lsn, slot);
    for (const uniqueKey of item?.uniqueKeys ?? []) partition.uniqueKeys.set(uniqueKey, id);
    this.expireInTime(slot);
  }

  private newSlot(partition: LogicalPartition, id: string): ItemSlot {
    const slot = new ItemSlot(++this.sequence, partition.key, id);
    partition.slots.set(id, slot);
    this.orders.byCreation.set(slot.sequence, slot);
    partition.byCreation.set(slot.sequence, slot);
    return slot;
  }

  private drop(slot: ItemSlot): void {
    const partition = this.partitions.get(slot.key.text);
    // Gone before, and perhaps another item of that id has come since.
    if (partition?.slots.get(slot.id) !== slot) return;
    partition.slots.delete(slot.id);
    for (const { byCreation } of [this.orders, partition]) byCreation.delete(slot.sequence);
    if (partition.slots.size === 0) this.partitions.delete(slot.key.text);
  }

  private release(partition: LogicalPartition, id: string): void {
    for (const uniqueKey of partition.slots.get(id)?.current?.uniqueKeys ?? []) {
      if (partition.uniqueKeys.get(uniqueKey) === id) partition.uniqueKeys.delete(uniqueKey);
    }
  }

  private expireInTime(slot: ItemSlot): void {
    const { deadlines } = this.surroundings;
    deadlines.cancel(slot.deadline);
    const item = slot.current;
    slot.deadline =
      item?.expiresAt === undefined
        ? undefined
        : deadlines.set(item.expiresAt, () => this.expire(slot, item));
  }

  private expire(slot: ItemSlot, item: StoredItem): void {
    if (slot.current !== item) return;
    this.apply(slot.key, this.lsn + 1, new Map([[slot.id, undefined]]));
  }
}
