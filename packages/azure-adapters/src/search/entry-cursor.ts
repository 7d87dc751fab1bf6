import { entryFields, type IndexDocument } from './index-entries.js';

/** Where an entry stands among all: by the time of its sending, its key's number, and its key. */
export interface EntryPlace {
  readonly sentAt: number;
  readonly keyNumber: number;
  readonly key: string;
}

/** Where a page ended. */
export interface EntryCursor extends EntryPlace {
  /** How many entries of the same time and number there were up to it, with itself. One, but for freaks of chance. */
  readonly equals: number;
}

export function placeOf(document: IndexDocument): EntryPlace {
  return {
    sentAt: document[entryFields.sentAt] as number,
    keyNumber: document[entryFields.keyNumber] as number,
    key: document[entryFields.key] as string,
  };
}

export const hasSameNumbers = (one: EntryPlace, other: EntryPlace) =>
  one.sentAt === other.sentAt && one.keyNumber === other.keyNumber;

/** In the order in which the service gives them: keys have letters of ASCII alone. */
export function isBehind(one: EntryPlace, other: EntryPlace): boolean {
  const order = one.sentAt - other.sentAt || one.keyNumber - other.keyNumber;
  return order === 0 ? one.key > other.key : order > 0;
}

export function formatCursor({ sentAt, keyNumber, equals, key }: EntryCursor): string {
  return `${sentAt} ${keyNumber} ${equals} ${key}`;
}

export function parseCursor(text: string): EntryCursor {
  const [sentAt, keyNumber, equals, key = ''] = text.split(' ');
  return { sentAt: Number(sentAt), keyNumber: Number(keyNumber), equals: Number(equals), key };
}
