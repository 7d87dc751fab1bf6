import { SortedTree } from '../../sorted-tree/sorted-tree.js';
import type { ItemSlot } from './item-slot.js';

interface Outdated {
  readonly lsn: number;
  readonly slot: ItemSlot;
}

/** Items with versions that are forgotten once all replicas have the write that replaced them. */
export class OutdatedVersions {
  private readonly waiting = new SortedTree<number, Outdated>();
  private added = 0;

  add(lsn: number, slot: ItemSlot): void {
    this.waiting.set(this.added++, { lsn, slot });
  }

  /** Tells which items are gone altogether. */
  forget(replicatedLsn: number, gone: (slot: ItemSlot) => void): void {
    for (let number = this.waiting.minKey(); number !== undefined; number = this.waiting.minKey()) {
      const { lsn, slot } = this.waiting.get(number)!;
      if (lsn > replicatedLsn) return;
      this.waiting.delete(number);
      slot.forgetBefore(replicatedLsn);
      if (slot.isGone) gone(slot);
    }
  }
}
