import { SortedTree } from '../../sorted-tree/sorted-tree.js';
import type { ItemSlot } from './item-slot.js';
import type { PartitionKey } from './partition-key.js';

/** Items in the order of their creation and in that of their last writes. */
export class ItemOrders {
  readonly byCreation = new SortedTree<number, ItemSlot>();
  readonly byWrite = new SortedTree<number, ItemSlot>();
}

/** The items of one partition key. */
export class LogicalPartition extends ItemOrders {
  readonly slots = new Map<string, ItemSlot>();
  /** Which item has a unique key. */
  readonly uniqueKeys = new Map<string, string>();

  constructor(readonly key: PartitionKey) {
    super();
  }
}
