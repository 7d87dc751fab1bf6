import type { DocumentId } from '@diptych/core';
import type { RedisClient } from '../redis-client.js';
import type { HeldCopy } from './copies.js';
import type { RedisDocuments } from './documents.js';
import type { StaleEntry } from './mending.js';
import { bodyOf, readRevision, readValue, stemOf } from './stored-value.js';

/** A part of a sorted set, in its order or the other way round. */
export interface SetRange {
  readonly tenant: string;
  readonly set: string;
  /** What the members begin with. */
  readonly prefix: string;
  /** The end of the page before: only what lies behind it. */
  readonly behind: string | undefined;
  readonly descending: boolean;
  readonly idOf: (member: string) => string;
}

export interface FoundDocument {
  /** By which it is ordered. */
  readonly stem: string;
  readonly body: string;
}

export interface FoundDocuments {
  /** One for each document, in order. */
  readonly found: readonly FoundDocument[];
  readonly stale: readonly StaleEntry[];
}

export interface FindingOptions {
  readonly client: RedisClient;
  readonly documents: RedisDocuments;
  readonly held: HeldCopy;
}

/** Sorts behind every id of a write. */
const afterWrites = '\u007f';
/** Sorts behind everything that a member goes on with. */
const afterAll = '\uffff';

/**
 * So many documents of a range, if it has as many. The documents are asked after the set, and each says whether it is
 * where it was found: one that has moved since is taken for where it is now.
 */
export async function findDocuments(
  options: FindingOptions,
  range: SetRange,
  count: number,
): Promise<FoundDocuments> {
  const found = new Map<string, FoundDocument>();
  const stale: StaleEntry[] = [];
  let behind = boundBehind(range);
  for (let isMore = true; isMore && found.size < count; ) {
    const asked = Math.max(count - found.size, 10);
    const members = await membersOf(options, range, behind, asked);
    isMore = members.length === asked;
    const last = isMore ? members.at(-1)! : undefined;
    await look(options, range, { members, last, found, stale });
    behind = `(${members.at(-1)}`;
  }
  const sign = range.descending ? -1 : 1;
  const ordered = [...found.values()].sort((one, other) => sign * compareBytes(one.stem, other.stem));
  return { found: ordered.slice(0, count), stale };
}

interface Looked {
  readonly members: readonly string[];
  /** Where the members end that were asked for; `undefined` when there are no more. */
  readonly last: string | undefined;
  readonly found: Map<string, FoundDocument>;
  readonly stale: StaleEntry[];
}

async function look(
  { documents, held }: FindingOptions,
  range: SetRange,
  { members, last, found, stale }: Looked,
): Promise<void> {
  const ids = members.map((member): DocumentId => ({ tenant: range.tenant, name: range.idOf(member) }));
  const values = await documents.values(ids.map((id) => held.keys.document(id)));
  members.forEach((member, at) => {
    const value = values[at];
    const entry = value == null ? undefined : entryIn(value, range, member);
    if (entry?.member !== member) stale.push({ id: ids[at]!, entry: [range.set, member] });
    // What has moved behind those that were asked for comes with the next ones.
    if (entry === undefined || isBehind(range, entry.member, last)) return;
    found.set(ids[at]!.name, { stem: stemOf(entry.member), body: entry.body });
  });
}

/** Where the document says that it is in this range. */
function entryIn(value: string, { set, prefix, behind, descending }: SetRange, asked: string) {
  const body = bodyOf(value);
  if (body === null) return undefined;
  const { entries } = readRevision(readValue(value).revision);
  const inSet = entries.filter(([of, member]) => of === set && member.startsWith(prefix));
  const [, member] = inSet.find(([, one]) => one === asked) ?? inSet[0] ?? [];
  if (member === undefined) return undefined;
  // It may have moved to where an earlier page was.
  const order = behind === undefined ? 1 : compareBytes(stemOf(member), behind);
  return (descending && behind !== undefined ? -order : order) > 0 ? { member, body } : undefined;
}

function isBehind({ descending }: SetRange, member: string, last: string | undefined): boolean {
  if (last === undefined || member === last) return false;
  const order = compareBytes(member, last);
  return descending ? order < 0 : order > 0;
}

async function membersOf(
  { client, held }: FindingOptions,
  { tenant, set, prefix, descending }: SetRange,
  behind: string,
  count: number,
): Promise<readonly string[]> {
  const key = held.keys.set(tenant, set);
  const [low, high] = prefix === '' ? ['-', '+'] : [`[${prefix}`, `(${prefix}${afterAll}`];
  const words = descending
    ? (['ZREVRANGEBYLEX', key, behind === '' ? high : behind, low] as const)
    : (['ZRANGEBYLEX', key, behind === '' ? low : behind, high] as const);
  return (await client.send({ key, words: [...words, 'LIMIT', 0, count] })) as readonly string[];
}

function boundBehind({ behind, descending }: SetRange): string {
  if (behind === undefined) return '';
  return descending ? `(${behind}` : `(${behind}${afterWrites}`;
}

/** As Redis compares. Members hold no halves of surrogate pairs, nor whole ones. */
function compareBytes(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
