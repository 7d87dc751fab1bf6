import type { Deadline } from '../../clock/deadlines.js';
import type { PartitionKey } from './partition-key.js';
import type { ItemVersion, StoredItem } from './stored-item.js';

/** Where an item is kept, with what it was before, as long as a replica may lag behind so far. */
export class ItemSlot {
  deadline: Deadline | undefined;
  private readonly versions: ItemVersion[] = [];

  constructor(
    /** Its place in the order of creation. */
    readonly sequence: number,
    readonly key: PartitionKey,
    readonly id: string,
  ) {}

  get current(): StoredItem | undefined {
    return this.versions.at(-1)?.item;
  }

  /** What the item was after the write `lsn`. */
  at(lsn: number): StoredItem | undefined {
    for (let index = this.versions.length - 1; index >= 0; index--) {
      const version = this.versions[index]!;
      if (version.lsn <= lsn) return version.item;
    }
    return undefined;
  }

  replaceCurrent(item: StoredItem): void {
    const last = this.versions.pop();
    if (last !== undefined) this.versions.push({ ...last, item });
  }

  add(version: ItemVersion): void {
    this.versions.push(version);
  }

  /** Forgets what nobody can read who is at `lsn` or later. */
  forgetBefore(lsn: number): void {
    while (this.versions.length > 1 && this.versions[1]!.lsn <= lsn) this.versions.shift();
  }

  get isGone(): boolean {
    return this.versions.length === 1 && this.current === undefined;
  }
}
