import type { JsonObject, JsonValue } from '../items/json.js';
import type { CompiledQuery } from '../sql/compiled-query.js';
import { countIn } from '../sql/count.js';
import { grouped } from '../sql/groups.js';
import type { Given, Row } from '../sql/row.js';
import { refusingDepth } from '../sql/too-deep.js';
import { identityOf, inOrder, type Value } from '../sql/values.js';
import type { Position } from './continuation.js';

/** An item that a query may look at, with its place in the order of creation. */
export interface Candidate {
  readonly sequence: number;
  readonly body: JsonObject;
}

export interface Page {
  readonly results: readonly JsonValue[];
  readonly scanned: number;
  /** Where the next page begins; undefined: there is none. */
  readonly next: Position | undefined;
}

interface PageLimits {
  readonly results: number;
  readonly bytes: number;
}

interface Found {
  readonly row: Row;
  readonly position: Omit<Position, 'given'>;
}

export interface QueryRun {
  readonly query: CompiledQuery;
  readonly given: Given;
  /** All items that may be looked at, from a place in the order of creation on. */
  readonly candidates: (fromSequence: number) => Iterable<Candidate>;
  readonly limits: PageLimits;
  readonly after: Position | undefined;
  /** Whether the index that is sorted by has a row. */
  readonly isSortable: (sorted: readonly Value[]) => boolean;
}

/** Gives the results that come after a position, as many as fit on a page. */
export const runQuery = (run: QueryRun): Page => refusingDepth(() => pageOf(run));

function pageOf({ query, given, candidates, limits, after, isSortable }: QueryRun): Page {
  const outer: Row = { values: [undefined], given, aggregated: [] };
  const offset = countIn(query.offset, outer, 0);
  const end = offset + countIn(query.limit, outer, Number.POSITIVE_INFINITY);
  let scanned = 0;
  // What was given before is looked at again where it decides on what is still to come.
  const isWhole = query.isDistinct || query.grouping !== undefined || query.sorts.length > 0;
  const items = function* (): Iterable<Found> {
    if (!query.hasSources) {
      for (const row of query.rows(outer)) yield { row, position: { sequence: 0, row: 0, sorted: [] } };
      return;
    }
    for (const { sequence, body } of candidates(isWhole ? 0 : (after?.sequence ?? 0))) {
      scanned++;
      let number = 0;
      for (const row of query.rows({ ...outer, values: [body] })) {
        const sorted = query.sorts.map(({ value }) => value(row));
        if (isSortable(sorted)) yield { row, position: { sequence, row: number++, sorted } };
      }
    }
  };
  const page = new PageOfResults(query, limits, after, offset, end);
  if (end > offset) {
    for (const found of inTurn(query, items(), outer)) {
      if (!page.take(found)) break;
    }
  }
  return { results: page.results, scanned, next: page.next };
}

/** The rows in the order in which the query gives them. */
function inTurn(query: CompiledQuery, found: Iterable<Found>, outer: Row): Iterable<Found> {
  if (query.grouping !== undefined) return groupsOf(query.grouping, found, outer);
  if (query.sorts.length === 0) return found;
  return [...found].sort((one, other) => inPlace(query, one.position, other.position));
}

function groupsOf(
  grouping: NonNullable<CompiledQuery['grouping']>,
  found: Iterable<Found>,
  outer: Row,
): readonly Found[] {
  const rows = function* () {
    for (const { row } of found) yield row;
  };
  return grouped(grouping, rows(), outer).map((row, index) => ({
    row,
    position: { sequence: index + 1, row: 0, sorted: [] },
  }));
}

function inPlace(
  { sorts }: CompiledQuery,
  one: Omit<Position, 'given'>,
  other: Omit<Position, 'given'>,
): number {
  for (const [index, { isDescending }] of sorts.entries()) {
    const order = inOrder(one.sorted[index], other.sorted[index]);
    if (order !== 0) return isDescending ? -order : order;
  }
  return one.sequence - other.sequence || one.row - other.row;
}

/** Fills a page with what comes after a position. */
class PageOfResults {
  readonly results: JsonValue[] = [];
  next: Position | undefined;
  private last: Position | undefined;
  private given: number;
  private bytes = 0;
  private readonly seen = new Set<string>();

  constructor(
    private readonly query: CompiledQuery,
    private readonly limits: PageLimits,
    private readonly after: Position | undefined,
    private readonly offset: number,
    private readonly end: number,
  ) {
    this.given = after?.given ?? 0;
  }

  /** Tells whether more rows are wanted. */
  take({ row, position }: Found): boolean {
    const value = this.query.select(row);
    if (value === undefined || this.isKnown(value)) return true;
    if (this.after !== undefined && inPlace(this.query, position, this.after) <= 0) return true;
    if (this.given >= this.end) return false;
    if (this.given < this.offset) return this.count(position);
    if (this.isFull()) {
      this.next = this.last;
      return false;
    }
    this.results.push(value);
    this.bytes += Buffer.byteLength(JSON.stringify(value));
    return this.count(position);
  }

  private isFull(): boolean {
    return this.results.length >= this.limits.results || this.bytes >= this.limits.bytes;
  }

  private count(position: Omit<Position, 'given'>): boolean {
    this.given++;
    this.last = { ...position, given: this.given };
    return this.given < this.end;
  }

  private isKnown(value: Value): boolean {
    if (!this.query.isDistinct) return false;
    const identity = identityOf(value);
    if (this.seen.has(identity)) return true;
    this.seen.add(identity);
    return false;
  }
}
