import { createHash } from 'node:crypto';
import { type DocumentId, indexEntryOf, type ReadModelIndex, type SortValue } from '@diptych/core';
import { keySlot } from '../key-slot.js';
import { orderedText, textOf } from './ordered-text.js';

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
  const id = orderedText(name);
  const places: Place[] = [{ set: idsSet, stem: id }];
  if (Object.keys(indexes).length === 0) return places;
  const document = JSON.parse(body) as Readonly<Record<string, unknown>>;
  for (const [index, declared] of Object.entries(indexes)) {
    const { keys, sort } = indexEntryOf(declared, document);
    const behind = sortPart(sort) + id;
    for (const key of keys) places.push({ set: indexSet(index, key), stem: keyPart(key) + behind });
  }
  return places;
}

/** A sort value in the order of the bytes: nothing, then numbers, then texts. */
export function sortPart(sort: SortValue): string {
  if (sort === null) return '0';
  return typeof sort === 'number' ? `1${orderedNumber(sort)}` : `2${orderedText(sort)}`;
}

const bits = new DataView(new ArrayBuffer(8));
const sign = 0x8000_0000;

/** The bits of a number are in its order, but for the negative ones, which are in the opposite one. */
function orderedNumber(value: number): string {
  bits.setFloat64(0, value === 0 ? 0 : value);
  const [high, low] = [bits.getUint32(0), bits.getUint32(4)];
  return high < sign ? hex(high + sign) + hex(low) : hex(~high >>> 0) + hex(~low >>> 0);
}

function numberOf(ordered: string): number {
  const [high, low] = [ordered.slice(0, 8), ordered.slice(8)].map((half) => Number.parseInt(half, 16));
  const isPositive = high! >= sign;
  bits.setUint32(0, isPositive ? high! - sign : ~high! >>> 0);
  bits.setUint32(4, isPositive ? low! : ~low! >>> 0);
  return bits.getFloat64(0);
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0');
}

/** What a member says behind its key. */
export function readMember(behindKey: string): { readonly sort: SortValue; readonly id: string } {
  const rest = behindKey.slice(1);
  if (behindKey[0] === '0') return { sort: null, id: textOf(rest) };
  if (behindKey[0] === '1') return { sort: numberOf(rest.slice(0, 16)), id: textOf(rest.slice(16)) };
  const sort = textOf(rest);
  return { sort, id: textOf(rest.slice(orderedText(sort).length)) };
}
