import { randomFillSync } from 'node:crypto';
import type { Marks } from '@diptych/core';
import type { Place } from './index-members.js';

/**
 * A document as one text: the id of the write, where it stands in the sorted sets, its marks, and its body. `GET` and
 * `SET` are all that it takes, and a script compares the id without touching the rest.
 */
export interface StoredValue {
  /** `${write}${places}`, as the text begins: opaque to all but this folder. */
  readonly revision: string;
  readonly marks: Marks;
  /** `null` for a tombstone. */
  readonly body: string | null;
}

/** A member of a sorted set that a document is found by. It ends in the id of the write that put it there. */
export type Entry = readonly [set: string, member: string];

/** A revision, taken apart. */
export interface Revision {
  readonly write: string;
  /** The histories of the servers that had its entries; another one may have lost some of them. */
  readonly histories: string;
  readonly entries: readonly Entry[];
  /** Histories and entries as they are written: each a text behind its length, and all of them another one. */
  readonly places: string;
}

/** In characters: the second of the write, then 48 random bits. */
export const writeIdLength = 15;

const secondsLength = 7;
/** In bytes: eight characters of base64url. */
const randomByteCount = 6;

/** Drawn for many writes at a time: few bytes cost as much as many. */
const drawn = Buffer.alloc(512 * randomByteCount);
let used = drawn.length;

function randomText(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const from = used;
  used += randomByteCount;
  return drawn.toString('base64url', from, used);
}

/** Asked for many times within one. */
let second = { at: Number.NaN, text: '' };

export function newWriteId(now: number): string {
  const at = Math.floor(now / 1_000);
  if (second.at !== at) second = { at, text: at.toString(36).padStart(secondsLength, '0') };
  return second.text + randomText();
}

/** When a write was made, by the clock of whoever made it, in milliseconds. */
export function timeOfWrite(write: string): number {
  return Number.parseInt(write.slice(0, secondsLength), 36) * 1_000;
}

export function writtenValue(
  { write, places }: Pick<Revision, 'write' | 'places'>,
  marks: Marks,
  body: string | null,
): string {
  return `${write}${places}${marks}\n${body ?? ''}`;
}

export function revisionOf(write: string, histories: string, entries: readonly Entry[]): Revision {
  let parts = partOf(histories);
  for (const [set, member] of entries) parts += partOf(set) + partOf(member);
  return { write, histories, entries, places: partOf(parts) };
}

export function revisionText({ write, places }: Pick<Revision, 'write' | 'places'>): string {
  return write + places;
}

export function readValue(value: string): StoredValue {
  const placesEnd = endOfPlaces(value);
  const marksEnd = value.indexOf('\n', placesEnd);
  const body = value.slice(marksEnd + 1);
  return {
    revision: value.slice(0, placesEnd),
    marks: value.slice(placesEnd, marksEnd) as Marks,
    body: body === '' ? null : body,
  };
}

/** Only the body: for whoever only reads, as queries do. */
export function bodyOf(value: string): string | null {
  const marksEnd = value.indexOf('\n', endOfPlaces(value));
  return marksEnd === value.length - 1 ? null : value.slice(marksEnd + 1);
}

export function readRevision(revision: string): Revision {
  const [histories, ...members] = partsIn(revision, beginOfPlaces(revision)) as [string, ...string[]];
  const entries: Entry[] = [];
  for (let at = 0; at < members.length; at += 2) entries.push([members[at]!, members[at + 1]!]);
  return { write: writeIn(revision), histories, entries, places: revision.slice(writeIdLength) };
}

/** The write of a revision. */
export function writeIn(revision: string): string {
  return revision.slice(0, writeIdLength);
}

/** Whether a revision's entries are at just these places, in these histories: told without taking it apart. */
export function isAt(revision: string, histories: string, places: readonly Place[]): boolean {
  let at = behindPart(revision, beginOfPlaces(revision), histories);
  for (const { set, stem } of places) {
    at = behindPart(revision, at, set);
    at = behindPart(revision, at, stem, writeIdLength);
  }
  return at === revision.length;
}

/** Whether a write has put an entry there: in that set, with that stem. */
export function isEntryAt([of, member]: Entry, { set, stem }: Place): boolean {
  return of === set && member.length === stem.length + writeIdLength && member.startsWith(stem);
}

/** A member without the write that put it there. */
export function stemOf(member: string): string {
  return member.slice(0, -writeIdLength);
}

/** The write that put a member there. */
export function writeOf(member: string): string {
  return member.slice(-writeIdLength);
}

/** A text behind its length: whatever is in it, its end is known. */
function partOf(text: string): string {
  return `${text.length}:${text}`;
}

/** Where a part ends that begins with that text, and has so many characters more; beyond everything if it is another. */
function behindPart(text: string, at: number, begin: string, more = 0): number {
  const length = `${begin.length + more}:`;
  const from = at + length.length;
  const isThere = text.startsWith(length, at) && text.startsWith(begin, from);
  return isThere ? from + begin.length + more : Number.POSITIVE_INFINITY;
}

function partsIn(text: string, from: number): readonly string[] {
  const parts: string[] = [];
  for (let at = from; at < text.length; ) {
    const begin = text.indexOf(':', at) + 1;
    at = begin + lengthAt(text, at, begin);
    parts.push(text.slice(begin, at));
  }
  return parts;
}

/** In a value or a revision. */
function beginOfPlaces(text: string): number {
  return text.indexOf(':', writeIdLength) + 1;
}

function endOfPlaces(value: string): number {
  const begin = beginOfPlaces(value);
  return begin + lengthAt(value, writeIdLength, begin);
}

function lengthAt(text: string, from: number, begin: number): number {
  return Number(text.slice(from, begin - 1));
}
