import type { DocumentId } from '@diptych/core';
import { itemName } from './item-names.js';

/**
 * Which documents of a tenant share a logical partition, which holds 20 GB and serves 10,000 request units a second:
 * - `document`: none, each has its own. Nothing is ever too much for one; queries go to several.
 * - `tenant`: all of a tenant, for what stays small: queries go to one, and cost least.
 * - `{ idBefore: '/' }`: those whose ids are the same before the first `/`: `customer-7/order-1`, `customer-7/order-2`.
 */
export type PartitionBy = 'document' | 'tenant' | { readonly idBefore: string };

/** All three parts of the partition key of a document. */
type PartitionKeyParts = [copy: string, tenant: string, place: string];

/** Where an item is. */
export interface ItemAddress {
  readonly id: string;
  readonly partitionKey: PartitionKeyParts;
}

const together = 'all';

export function addressOf(
  copyId: string,
  partitionBy: PartitionBy,
  { tenant, name }: DocumentId,
): ItemAddress {
  const id = itemName(name);
  return { id, partitionKey: [copyId, itemName(tenant), placeOf(partitionBy, name, id)] };
}

function placeOf(partitionBy: PartitionBy, name: string, id: string): string {
  if (partitionBy === 'document') return id;
  if (partitionBy === 'tenant') return together;
  const end = name.indexOf(partitionBy.idBefore);
  return itemName(end === -1 ? name : name.slice(0, end));
}
