import { createHash } from 'node:crypto';
import { type DocumentId, indexEntryOf, type ReadModelIndex } from '@diptych/core';
import { orderedPlace } from '../../ordering/ordered-place.js';
import { orderedText } from '../../ordering/ordered-text.js';
import { keySlot } from '../key-slot.js';

/** Where a document is to be found: in a sorted set, by a member that begins so. */
export interface Place {
  /** The sorted set, as a part of the copy's keys. */
  readonly set: string;
  readonly stem: string;
}

export type DeclaredIndexes = Readonly<Record<string, ReadModelIndex>>;

/** An index is spread over so many sorted sets, which may lie on as many servers. All of one key are in one set. */
const shardCount = 64;

const longKey = 40;

/** The part of a member that all documents with this key have. */
export function keyPart(key: string): string {
  if (key.length <= longKey) return orderedText(key);
  return orderedText(`#${createHash('sha256').update(key).digest('base64url')}`);
}

export function indexSet(index: string, key: string): string {
  return setOf(index, keySlot(key) % shardCount);
}

/** All sets of an index. */
export function indexSets(index: string): readonly string[] {
  return Array.from({ length: shardCount }, (_, shard) => setOf(index, shard));
}

function setOf(index: string, shard: number): string {
  return `x:${shard}:${index}`;
}

/** The set of all ids. */
export const idsSet = 'i';

/** Where a document with this body is to be found: among all, and in the declared indexes. */
export function placesOf(indexes: DeclaredIndexes, { name }: DocumentId, body: string): readonly Place[] {
  const places: Place[] = [{ set: idsSet, stem: orderedText(name) }];
  if (Object.keys(indexes).length === 0) return places;
  const document = JSON.parse(body) as Readonly<Record<string, unknown>>;
  for (const [index, declared] of Object.entries(indexes)) {
    const { keys, sort } = indexEntryOf(declared, document);
    const behind = orderedPlace({ sort, id: name });
    for (const key of keys) places.push({ set: indexSet(index, key), stem: keyPart(key) + behind });
  }
  return places;
}
