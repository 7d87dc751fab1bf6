import {
  type Backlog,
  type JournalEntry,
  type JournalInfo,
  type JournalReader,
  type PartitionSlice,
  type Position,
  partsOf,
  type ReadFrom,
  type ReadLimits,
} from '@diptych/core';
import type { CommitListener, CommitNotices } from './commit-notices.js';
import type { HeldBackWatch } from './held-back.js';
import { dataColumn, decodeRow, type JournalColumns, positionOf, timesOf } from './journal-codec.js';
import { journalStatements } from './journal-statements.js';
import { ReadSize } from './read-size.js';
import type { SqlClient } from './sql-client.js';
import { big, int, rowVersionOf, type SqlParameters, text } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';

export interface SqlJournalReaderOptions {
  readonly client: SqlClient;
  readonly tables: SqlTables;
  readonly partitions: number;
  readonly notices: CommitNotices;
  readonly heldBack: HeldBackWatch;
}

/** Rows, and whether there were no more. */
interface Scanned {
  readonly rows: readonly JournalColumns[];
  readonly isAll: boolean;
}

/** How far beyond the limit is not worth a word with the server. */
const slackInBytes = 1024 * 1024;

type EndColumns = readonly [partition: number, rv: Buffer, lastIndex: number];

/** Reads the journal of a SQL Server database, and never past a transaction that is still open. */
export class SqlJournalReader implements JournalReader {
  readonly #options: SqlJournalReaderOptions;
  readonly #statements: ReturnType<typeof journalStatements>;
  readonly #size = new ReadSize();

  constructor(options: SqlJournalReaderOptions) {
    this.#options = options;
    this.#statements = journalStatements(options.tables);
  }

  async info(): Promise<JournalInfo> {
    const values = new Map(await this.#rows<[string, string]>(this.#statements.info));
    return { incarnation: values.get('incarnation')!, partitions: this.#options.partitions };
  }

  async read(from: readonly ReadFrom[], limits: ReadLimits): Promise<readonly PartitionSlice[]> {
    if (from.length === 0) return [];
    const { rows, isAll: hasAll } = await this.#rowsBehind(from, limits);
    const slices = new Map<number, JournalEntry[]>(from.map(({ partition }) => [partition, []]));
    const behind = new Map(from.map(({ partition, after }) => [partition, after ?? '']));
    const isAll = take(rows, limits, (entry) => {
      const after = behind.get(entry.partition);
      return after !== undefined && entry.position > after ? slices.get(entry.partition) : undefined;
    });
    if (!isAll || !hasAll) return this.#partly(from, slices);
    this.#options.heldBack.caughtUp();
    return from.map(({ partition }) => ({ partition, entries: slices.get(partition)!, caughtUp: true }));
  }

  async readAll(after: Position | undefined, limits: ReadLimits): Promise<Omit<PartitionSlice, 'partition'>> {
    const { rows, isAll } = await this.#scan(this.#statements.all, placeOf(after), limits);
    const entries: JournalEntry[] = [];
    const isTaken = take(rows, limits, ({ position }) =>
      after === undefined || position > after ? entries : undefined,
    );
    const caughtUp = isTaken && isAll;
    if (caughtUp) this.#options.heldBack.caughtUp();
    return { entries, caughtUp };
  }

  async entryAt(partition: number, position: Position): Promise<JournalEntry | undefined> {
    const rows = await this.#rows<JournalColumns>(this.#statements.at, {
      ...placeOf(position),
      partition: int(partition),
    });
    return rows.flatMap(decodeRow).find((entry) => entry.position === position);
  }

  async heads(): Promise<ReadonlyMap<number, Position>> {
    const all = Array.from({ length: this.#options.partitions }, (_, partition) => ({
      partition,
      after: undefined,
    }));
    return endsOf(await this.#rows<EndColumns>(this.#statements.heads, placesOf(all)));
  }

  backlog(from: readonly ReadFrom[]): Promise<readonly Backlog[]> {
    return Promise.all(
      from.map(async ({ partition, after }) => {
        const sets = await this.#options.client.run(this.#statements.backlog, {
          ...placeOf(after),
          partition: int(partition),
        });
        const [count] = sets[0]?.[0] ?? [null];
        const first = sets[1]?.[0] as unknown as JournalColumns | undefined;
        if (first === undefined) return { partition, entries: 0, oldest: undefined };
        const read = after === undefined ? 0 : readOf(first, after);
        return { partition, entries: Number(count) - read, oldest: timesOf(first)[read] };
      }),
    );
  }

  onCommit(listener: CommitListener): () => void {
    return this.#options.notices.onCommit(listener);
  }

  /** Where most of what comes next is wanted, the journal is read as it lies; else its partitions are merged. */
  async #rowsBehind(from: readonly ReadFrom[], limits: ReadLimits): Promise<Scanned> {
    if (from.length * 2 > this.#options.partitions) {
      const scanned = await this.#scan(this.#statements.dense, placesOf(from), limits);
      if (scanned.rows.length === 0 || areWanted(scanned.rows, from)) return scanned;
    }
    const parameters = { ...placesOf(from), ...boundsOf(limits) };
    return { rows: await this.#rows<JournalColumns>(this.#statements.merged, parameters), isAll: true };
  }

  /** The rows behind a place, as they lie: until the limits are passed, or as many as may be expected to fit. */
  async #scan(sql: string, place: SqlParameters, limits: ReadLimits): Promise<Scanned> {
    const asked = this.#size.rowsWithin(limits);
    let bytes = 0;
    const { sets, isCut } = await this.#options.client.read(sql, { ...place, rows: int(asked) }, (row) => {
      bytes += (row as JournalColumns)[dataColumn].length;
      return bytes > limits.maxBytes + slackInBytes;
    });
    const rows = (sets[0] ?? []) as unknown as readonly JournalColumns[];
    this.#size.learn(rows.length, bytes);
    return { rows, isAll: !isCut && rows.length < asked };
  }

  // A limit was reached: which partitions have more is asked for.
  async #partly(
    from: readonly ReadFrom[],
    slices: ReadonlyMap<number, readonly JournalEntry[]>,
  ): Promise<readonly PartitionSlice[]> {
    const ends = endsOf(await this.#rows<EndColumns>(this.#statements.ends, placesOf(from)));
    return from.map(({ partition, after }) => {
      const entries = slices.get(partition)!;
      const reached = entries.at(-1)?.position ?? after ?? '';
      return { partition, entries, caughtUp: reached >= (ends.get(partition) ?? '') };
    });
  }

  #rows<Row extends readonly unknown[]>(sql: string, parameters?: SqlParameters): Promise<readonly Row[]> {
    return this.#options.client.rows<Row>(sql, parameters);
  }
}

/**
 * Gives entries on until a limit is reached, each to the slice that wants it. Answers whether there was nothing left:
 * the rows go one beyond the limits, where there is one.
 */
function take(
  rows: readonly JournalColumns[],
  { maxEvents, maxBytes }: ReadLimits,
  sliceOf: (entry: JournalEntry) => JournalEntry[] | undefined,
): boolean {
  let [events, bytes, rowEvents, rowBytes] = [0, 0, 0, 0];
  for (const row of rows) {
    for (const entry of decodeRow(row)) {
      rowEvents++;
      rowBytes += entry.data.length;
      const slice = sliceOf(entry);
      if (slice === undefined) continue;
      bytes += entry.data.length;
      if (events === maxEvents || (bytes > maxBytes && events > 0)) return false;
      slice.push(entry);
      events++;
    }
  }
  // Rows that were read in part, or are another partition's, count in the server's sums and not in ours.
  return rowEvents <= maxEvents && rowBytes <= maxBytes;
}

/** Whether at least half of the rows are for somebody: the others were read for nothing. */
function areWanted(rows: readonly JournalColumns[], from: readonly ReadFrom[]): boolean {
  const behind = new Map(from.map(({ partition, after }) => [partition, after ?? '']));
  const wanted = rows.filter(([rv, , partition]) => {
    const after = behind.get(partition);
    return after !== undefined && positionOf(rv, 0xffff) > after;
  });
  return wanted.length * 2 >= rows.length;
}

function endsOf(rows: readonly EndColumns[]): ReadonlyMap<number, Position> {
  return new Map(rows.map(([partition, rv, lastIndex]) => [partition, positionOf(rv, lastIndex)]));
}

/** How many entries of a row lie at or before a position. */
function readOf([rv, firstIndex]: JournalColumns, after: Position): number {
  const { row, index } = partsOf(after);
  return rv.readBigUInt64BE() === row ? Math.max(0, index - firstIndex + 1) : 0;
}

function placeOf(after: Position | undefined): SqlParameters {
  if (after === undefined) return { rv: big(0n), i: int(-1) };
  return { rv: big(rowVersionOf(after)), i: int(partsOf(after).index) };
}

function placesOf(from: readonly ReadFrom[]): SqlParameters {
  const places = from.map(({ partition, after }) =>
    after === undefined
      ? `[${partition},0,-1]`
      : `[${partition},${rowVersionOf(after)},${partsOf(after).index}]`,
  );
  return { places: text(`[${places.join(',')}]`) };
}

function boundsOf({ maxEvents, maxBytes }: ReadLimits): SqlParameters {
  return {
    maxEvents: int(Math.min(maxEvents, mostRows)),
    maxBytes: big(Math.min(maxBytes, Number.MAX_SAFE_INTEGER)),
  };
}

const mostRows = 1_000_000;
