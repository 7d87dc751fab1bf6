import { deleteCharge } from '../charges/request-charges.js';
import type { ItemContainer } from './item-container.js';
import type { PartitionKey } from './partition-key.js';
import { WriteUnit } from './write-unit.js';

/** Deletes all items of a key, and tells what it costs. The service does it little by little. */
export function deleteByKey(container: ItemContainer, key: PartitionKey): number {
  const unit = new WriteUnit(container, key);
  let charge = 0;
  for (const partition of container.partitionsOf(key)) {
    for (const [id, { current }] of partition.slots) {
      if (current === undefined) continue;
      unit.remove(id);
      charge += deleteCharge(current.bytes);
    }
  }
  unit.commit();
  return charge;
}
