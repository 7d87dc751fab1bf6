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
    // Not by iterating: what is deleted meanwhile makes that pass over others.
    for (let first = this.waiting.minKey(); first !== undefined; first = this.waiting.minKey()) {
      const { lsn, slot } = this.waiting.get(first)!;
      if (lsn > replicatedLsn) return;
      this.waiting.delete(first);
      slot.forgetBefore(replicatedLsn);
      if (slot.isGone) gone(slot);
    }
  }
}
