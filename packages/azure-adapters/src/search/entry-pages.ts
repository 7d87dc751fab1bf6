import { type SearchClient } from '@azure/search-documents';
import type { MirrorEntriesPage, MirrorEntriesQuery } from '@diptych/core';
import {
  type EntryCursor,
  formatCursor,
  hasSameNumbers,
  isBehind,
  parseCursor,
  placeOf,
} from './entry-cursor.js';
import { entryFields, entryOf, type IndexDocument, stampFields } from './index-entries.js';
import { askIndex } from './raw-search.js';
import type { RequestLimits } from './search-clients.js';
import { searchFilter } from './search-filter.js';

const { key, keyNumber, sentAt, isDeleted } = entryFields;

interface Asked {
  readonly client: SearchClient<IndexDocument>;
  readonly query: MirrorEntriesQuery;
  readonly limits: RequestLimits;
  readonly limit: number;
}

/** How many results the service gives at once: all rows of a page are of one moment. */
const mostInOneAnswer = 1_000;

/** Entries that follow on each other in the index. */
interface Rows {
  readonly documents: readonly IndexDocument[];
  /** How many the service has passed over before the first one. */
  readonly skipped: number;
  /** Whether more may follow. */
  readonly isFull: boolean;
}

/**
 * A page of entries, by the time of their sending. It begins behind an entry, wherever that one is now.
 *
 * A filter of the service compares numbers and no texts, so it can begin at the numbers of that entry, and not behind its
 * key. What is not behind it is dropped here.
 */
export async function entriesOf(
  client: SearchClient<IndexDocument>,
  query: MirrorEntriesQuery,
  limits: RequestLimits,
): Promise<MirrorEntriesPage> {
  const limit = Math.min(query.limit, mostInOneAnswer - 2);
  const asked = { client, query, limits, limit };
  const cursor = query.after === undefined ? undefined : parseCursor(query.after);
  const rows = await (cursor === undefined ? read(asked, undefined, 0) : readBehind(asked, cursor));
  const behind =
    cursor === undefined ? rows.documents : rows.documents.filter((one) => isBehind(placeOf(one), cursor));
  const page = behind.slice(0, limit);
  const last = page.at(-1);
  const hasNext = last !== undefined && (behind.length > page.length || rows.isFull);
  return {
    entries: page.map(entryOf),
    next: hasNext ? formatCursor(cursorAt(last, rows, cursor)) : undefined,
  };
}

/**
 * Rows with some behind the cursor among them, if there are any. Of entries with the cursor's own numbers it passes over
 * those before it; but as some may be gone meanwhile, it makes sure that what it passed over was before it.
 */
async function readBehind(asked: Asked, cursor: EntryCursor): Promise<Rows> {
  let rows = await read(asked, cursor, cursor.equals - 1);
  for (;;) {
    const [first] = rows.documents;
    const mayHavePassed = rows.skipped > 0 && (first === undefined || isBehind(placeOf(first), cursor));
    const hasBehind = rows.documents.some((one) => isBehind(placeOf(one), cursor));
    if (mayHavePassed) rows = await read(asked, cursor, Math.max(0, rows.skipped - asked.limit));
    // Others with the same numbers have come before it.
    else if (!hasBehind && rows.isFull) rows = await read(asked, cursor, rows.skipped + asked.limit);
    else return rows;
  }
}

async function read(
  { client, query, limits, limit }: Asked,
  cursor: EntryCursor | undefined,
  skip: number,
): Promise<Rows> {
  // The cursor's own entry, and one more than asked, which tells whether there is another page.
  const top = limit + 2;
  const question = {
    filter: filterOf(query, cursor),
    select: stampFields,
    orderBy: [sentAt, keyNumber, key],
    top,
    skip,
  };
  const { documents } = await askIndex(client, '*', question, limits);
  return { documents, skipped: skip, isFull: documents.length === top };
}

function cursorAt(
  last: IndexDocument,
  { documents, skipped }: Rows,
  cursor: EntryCursor | undefined,
): EntryCursor {
  const place = placeOf(last);
  const upTo = documents.slice(0, documents.indexOf(last) + 1);
  const here = upTo.filter((one) => hasSameNumbers(placeOf(one), place)).length;
  // What was passed over had the numbers of the cursor.
  const before = cursor !== undefined && hasSameNumbers(cursor, place) ? skipped : 0;
  return { ...place, equals: before + here };
}

function filterOf(
  { sentFrom, sentBefore, deletedOnly = false }: MirrorEntriesQuery,
  cursor: EntryCursor | undefined,
): string {
  const parts = [`${sentAt} ge ${numberText(Math.floor(sentFrom ?? 0))}`];
  if (sentBefore !== undefined) parts.push(`${sentAt} lt ${numberText(Math.ceil(sentBefore))}`);
  if (deletedOnly) parts.push(`${isDeleted} eq true`);
  if (cursor !== undefined) parts.push(`(${fromCursor(cursor)})`);
  return parts.join(' and ');
}

function fromCursor(cursor: EntryCursor): string {
  const time = numberText(cursor.sentAt);
  return `${sentAt} gt ${time} or (${sentAt} eq ${time} and ${keyNumber} ge ${numberText(cursor.keyNumber)})`;
}

const numberText = (value: number) => searchFilter`${value}`.text;
