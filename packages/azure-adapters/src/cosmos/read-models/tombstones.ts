import type { Container } from '@azure/cosmos';
import type { Marks } from '@diptych/core';
import type { BulkRequests } from './bulk-requests.js';
import type { HeldCopy } from './copies-item.js';
import { type FoundItem, itemsOfCopy, removeItems } from './copy-items.js';

interface Tombstone extends FoundItem {
  readonly marks: Marks;
}

export interface TombstoneLimits {
  /** By the service's clock. */
  readonly buriedBefore: number;
  readonly limit: number;
}

/** Removes tombstones that are old enough if `mayGo` agrees to their marks. Resolves how many went. */
export async function removeTombstones(
  { container, bulk }: { readonly container: Container; readonly bulk: BulkRequests },
  { id: copy }: HeldCopy,
  { buriedBefore, limit }: TombstoneLimits,
  mayGo: (marks: Marks) => boolean,
): Promise<number> {
  const agreed: Tombstone[] = [];
  const pages = itemsOfCopy<Tombstone>(container, copy, {
    properties: ', c.marks',
    condition: 'c.buriedAt <= @before',
    parameters: [{ name: '@before', value: buriedBefore }],
  });
  for await (const page of pages) {
    agreed.push(...page.filter(({ marks }) => mayGo(marks)));
    if (agreed.length >= limit) break;
  }
  const answers = await removeItems(bulk, copy, agreed.slice(0, limit));
  return answers.filter(({ statusCode }) => statusCode === 204).length;
}
