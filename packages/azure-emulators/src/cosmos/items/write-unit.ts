import { randomBytes } from 'node:crypto';
import type { ItemContainer } from './item-container.js';
import { readNewItem } from './new-item.js';
import type { PartitionKey } from './partition-key.js';
import { ordersPerUnit, type StoredItem } from './stored-item.js';
import { uniqueKeyConflict, uniqueKeysOf } from './unique-keys.js';

/** Writes to items of one partition key, which happen together when it is committed, or not at all. */
export class WriteUnit {
  private readonly staged = new Map<string, StoredItem | undefined>();
  private readonly lsn: number;
  private writes = 0;

  constructor(
    readonly container: ItemContainer,
    readonly key: PartitionKey,
  ) {
    this.lsn = container.lsn + 1;
  }

  read(id: string): StoredItem | undefined {
    return this.staged.has(id) ? this.staged.get(id) : this.container.current(this.key, id);
  }

  /** Throws for a body that cannot be an item of this container and key, or has a unique key of another. */
  write(body: unknown): StoredItem {
    const { container, key, lsn } = this;
    const { id, content, bytes } = readNewItem(body, container.settings, key);
    const uniqueKeys = uniqueKeysOf(content, container.settings.uniqueKeys);
    if (uniqueKeys.some((uniqueKey) => this.isTaken(uniqueKey, id))) throw uniqueKeyConflict();
    const order = lsn * ordersPerUnit + this.writes++;
    const etag = `"${randomBytes(4).toString('hex')}-0000-0000-0000-${order.toString(16).padStart(12, '0')}"`;
    const item: StoredItem = {
      id,
      body: { ...content, ...container.systemProperties(this.read(id), order, etag) },
      bytes,
      etag,
      lsn,
      order,
      expiresAt: container.expiryOf(content, container.now()),
      uniqueKeys,
    };
    this.staged.set(id, item);
    return item;
  }

  remove(id: string): void {
    this.staged.set(id, undefined);
  }

  commit(): void {
    if (this.staged.size > 0) this.container.apply(this.key, this.lsn, this.staged);
  }

  private isTaken(uniqueKey: string, id: string): boolean {
    for (const [other, item] of this.staged) {
      if (other !== id && item?.uniqueKeys.includes(uniqueKey)) return true;
    }
    const holder = this.container.holderOf(this.key, uniqueKey);
    return holder !== undefined && holder !== id && !this.staged.has(holder);
  }
}
