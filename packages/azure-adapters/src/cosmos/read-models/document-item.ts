import type { JSONObject } from '@azure/cosmos';
import {
  type DocumentChange,
  type DocumentId,
  indexEntryOf,
  type Marks,
  type StoredDocument,
  stored,
} from '@diptych/core';
import { orderedPlace } from '../../ordering/ordered-place.js';
import { orderedText } from '../../ordering/ordered-text.js';
import type { HeldCopy } from './copies-item.js';
import { digestOf, itemName } from './item-names.js';
import { addressOf } from './placement.js';

/** A document as an item. Of a tombstone nothing is left but its marks, and when it was made. */
export interface DocumentItem {
  readonly id: string;
  readonly copy: string;
  readonly tenant: string;
  readonly place: string;
  /** The document's own id, as `stored` gives it. */
  readonly name: string;
  readonly marks: Marks;
  /** By which documents are in the order of their ids. */
  readonly ordered?: string;
  /** By index: under which keys it is found, and by what it is ordered there if not by its id. */
  readonly found?: Readonly<Record<string, { readonly keys: readonly string[]; readonly ordered?: string }>>;
  readonly doc?: unknown;
  /** By the service's clock. */
  readonly buriedAt?: number;
}

/** The names of properties that queries look for. */
export const orderOfIds = 'c.ordered';
export const keysOf = (index: string) => `c.found[${JSON.stringify(itemName(index))}].keys`;
export const orderIn = (index: string) => `c.found[${JSON.stringify(itemName(index))}].ordered`;

const longKey = 100;

/** A key as it is kept and looked for. No two are the same. */
export function foundKey(key: string): string {
  return key.length <= longKey ? stored(key) : `#${digestOf(key)}`;
}

/** `now` by the service's clock, for tombstones. */
export function documentItem(
  held: HeldCopy,
  { id, body, marks }: Pick<DocumentChange, 'id' | 'body' | 'marks'>,
  now: number,
): DocumentItem {
  const { id: item, partitionKey } = addressOf(held.id, held.partitionBy, id);
  const [copy, tenant, place] = partitionKey;
  const begin = { id: item, copy, tenant, place, name: stored(id.name), marks };
  if (body === null) return { ...begin, buriedAt: now };
  const doc = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return { ...begin, ordered: orderedText(id.name), found: foundIn(held, id, doc), doc };
}

function foundIn(
  { indexes }: HeldCopy,
  { name }: DocumentId,
  document: Readonly<Record<string, unknown>>,
): NonNullable<DocumentItem['found']> {
  const found: [index: string, NonNullable<DocumentItem['found']>[string]][] = [];
  for (const [index, declared] of Object.entries(indexes)) {
    const { keys, sort } = indexEntryOf(declared, document);
    if (keys.length === 0) continue;
    const ordered = declared.sort !== undefined && { ordered: orderedPlace({ sort, id: name }) };
    found.push([itemName(index), { keys: keys.map(foundKey), ...ordered }]);
  }
  // Also of an index that is called `__proto__`, which an assignment would take for something else.
  return Object.fromEntries(found);
}

export function storedDocument(id: DocumentId, item: JSONObject, etag: string): StoredDocument {
  const { doc, marks } = item as unknown as DocumentItem;
  return { id, body: doc === undefined ? null : JSON.stringify(doc), marks, revision: etag };
}
