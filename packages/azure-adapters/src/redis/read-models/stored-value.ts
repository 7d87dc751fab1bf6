import { randomFillSync } from 'node:crypto';
import type { Marks } from '@diptych/core';

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
  /** Histories and entries as they are written. */
  readonly places: string;
}

/** In characters: the second of the write, then 48 random bits. */
export const writeIdLength = 15;

const secondsLength = 7;
const randomLength = 6;

/** Drawn for many writes at a time: few bytes cost as much as many. */
const drawn = Buffer.alloc(512 * randomLength);
let used = drawn.length;

function randomText(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const from = used;
  used += randomLength;
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
  return `${write}${places}\n${JSON.stringify(marks)}\n${body ?? ''}`;
}

export function revisionOf(write: string, histories: string, entries: readonly Entry[]): Revision {
  return { write, histories, entries, places: JSON.stringify([histories, ...entries]) };
}

export function readValue(value: string): StoredValue {
  const placesEnd = value.indexOf('\n');
  const marksEnd = value.indexOf('\n', placesEnd + 1);
  const body = value.slice(marksEnd + 1);
  return {
    revision: value.slice(0, placesEnd),
    marks: JSON.parse(value.slice(placesEnd + 1, marksEnd)) as Marks,
    body: body === '' ? null : body,
  };
}

/** Only the body: of a document that nobody writes again, as queries want it. */
export function bodyOf(value: string): string | null {
  const marksEnd = value.indexOf('\n', value.indexOf('\n') + 1);
  return marksEnd === value.length - 1 ? null : value.slice(marksEnd + 1);
}

export function readRevision(revision: string): Revision {
  const places = revision.slice(writeIdLength);
  const [histories, ...entries] = JSON.parse(places) as [string, ...Entry[]];
  return { write: revision.slice(0, writeIdLength), histories, entries, places };
}

/** Whether a write has put an entry there: in that set, with that stem. */
export function isEntryAt([of, member]: Entry, set: string, stem: string): boolean {
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
