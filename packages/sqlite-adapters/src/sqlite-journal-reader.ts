import type {
  Backlog,
  JournalEntry,
  JournalInfo,
  JournalReader,
  PartitionSlice,
  Position,
  ReadFrom,
  ReadLimits,
} from '@diptych/core';
import { positionAt } from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import {
  entryOf,
  type JournalColumns,
  type JournalRow,
  journalColumns,
  journalRowOf,
  rowOf,
} from './sqlite-codec.js';
import type { SqliteJournal } from './sqlite-journal.js';
import { readMeta } from './sqlite-migrations.js';
import type { SqliteReading } from './sqlite-reading.js';

/** Below SQLite's limit of 500 parts of one compound statement. */
const partitionsAtOnce = 128;

const selectAll = `SELECT ${journalColumns} FROM diptych_journal AS j WHERE j.row > ? ORDER BY j.row LIMIT ?`;

const selectNext = `
  SELECT f.value ->> 0 AS partition,
    (SELECT row FROM diptych_journal WHERE partition = f.value ->> 0 AND row > f.value ->> 1 ORDER BY row LIMIT 1) AS row
  FROM json_each(?) AS f`;

const selectLast = `
  SELECT f.value AS partition,
    (SELECT row FROM diptych_journal WHERE partition = f.value ORDER BY row DESC LIMIT 1) AS row
  FROM json_each(?) AS f`;

/** Reads the journal of a SQLite file. */
export class SqliteJournalReader implements JournalReader {
  readonly #reading: SqliteReading;
  readonly #journal: SqliteJournal;
  readonly #partitions: number;

  constructor(reading: SqliteReading, journal: SqliteJournal, partitions: number) {
    this.#reading = reading;
    this.#journal = journal;
    this.#partitions = partitions;
  }

  info(): Promise<JournalInfo> {
    return this.#reading.read((connection) => ({
      incarnation: readMeta(connection, 'incarnation')!,
      partitions: this.#partitions,
    }));
  }

  read(from: readonly ReadFrom[], limits: ReadLimits): Promise<readonly PartitionSlice[]> {
    return this.#reading.readWritten((connection) => {
      const next = nextRows(connection, from);
      const places = from.filter(({ partition }) => next.has(partition));
      const slices = new Map<number, JournalEntry[]>(from.map(({ partition }) => [partition, []]));
      const isAll = take(
        rowsBehind(connection, places, Math.min(...next.values()), this.#partitions),
        limits,
        (entry) => slices.get(entry.partition)!.push(entry),
      );
      const last = isAll ? undefined : lastRows(connection, [...next.keys()]);
      return from.map(({ partition, after }) => {
        const entries = slices.get(partition)!;
        const reached = entries.at(-1)?.position ?? after;
        const end = last?.get(partition);
        return { partition, entries, caughtUp: end === undefined || rowBehind(reached) >= end };
      });
    });
  }

  readAll(after: Position | undefined, limits: ReadLimits): Promise<Omit<PartitionSlice, 'partition'>> {
    return this.#reading.read((connection) => {
      const entries: JournalEntry[] = [];
      const caughtUp = take(allRows(connection, rowBehind(after)), limits, (entry) => entries.push(entry));
      return { entries, caughtUp };
    });
  }

  entryAt(partition: number, position: Position): Promise<JournalEntry | undefined> {
    return this.#reading.read((connection) => {
      const row = connection.get<JournalRow>(
        `SELECT ${journalColumns} FROM diptych_journal AS j WHERE j.row = ? AND j.partition = ?`,
        rowOf(position),
        partition,
      );
      return row !== undefined && positionAt(row.row, 0) === position ? entryOf(row) : undefined;
    });
  }

  heads(): Promise<ReadonlyMap<number, Position>> {
    const partitions = Array.from({ length: this.#partitions }, (_, partition) => partition);
    return this.#reading.read((connection) => {
      const heads = new Map<number, Position>();
      for (const [partition, row] of lastRows(connection, partitions))
        heads.set(partition, positionAt(row, 0));
      return heads;
    });
  }

  backlog(from: readonly ReadFrom[]): Promise<readonly Backlog[]> {
    return this.#reading.readTogether((connection) =>
      from.map(({ partition, after }) => {
        const row = rowBehind(after);
        const { entries } = connection.get<{ entries: number }>(
          'SELECT count(*) AS entries FROM diptych_journal WHERE partition = ? AND row > ?',
          partition,
          row,
        )!;
        const oldest = connection.get<{ time: string }>(
          'SELECT time FROM diptych_journal WHERE partition = ? AND row > ? ORDER BY row LIMIT 1',
          partition,
          row,
        );
        return { partition, entries, oldest: oldest?.time };
      }),
    );
  }

  onCommit(listener: (partitions: readonly number[]) => void): () => void {
    return this.#journal.onCommit(listener);
  }
}

/** The row that an entry behind that position must exceed. */
function rowBehind(after: Position | undefined): number {
  return after === undefined ? 0 : rowOf(after);
}

/** Where each partition goes on; those that have nothing new are left out: mostly many, and merging costs most. */
function nextRows(connection: SqliteConnection, from: readonly ReadFrom[]): ReadonlyMap<number, number> {
  const places = from.map(({ partition, after }) => [partition, rowBehind(after)]);
  return rowsByPartition(connection, selectNext, places);
}

/** The next rows, in the order of the journal. Shorter than `limit` is what comes last, unless `isEnd` says no. */
type NextRows = (limit: number) => { readonly rows: readonly JournalColumns[]; readonly isEnd: boolean };

function allRows(connection: SqliteConnection, after: number): NextRows {
  let row = after;
  return (limit) => {
    const rows = connection.columns<JournalColumns>(selectAll, row, limit);
    row = rows.at(-1)?.[0] ?? row;
    return { rows, isEnd: rows.length < limit };
  };
}

/**
 * The entries behind several places in the order of their positions, whichever partition they lie in, so that a busy
 * partition cannot starve the others.
 *
 * Where most of what comes next is wanted, as when a read model is made again, the journal is read as it lies, which
 * takes half the time. Else the partitions are merged: each is a seek in the index.
 */
function rowsBehind(
  connection: SqliteConnection,
  places: readonly ReadFrom[],
  first: number,
  partitions: number,
): NextRows {
  const behind = new Map(places.map(({ partition, after }) => [partition, rowBehind(after)]));
  const isWanted = ([row, partition]: JournalColumns) => row > (behind.get(partition) ?? row);
  const all = allRows(connection, first - 1);
  let reached = first - 1;
  let isDense = places.length * 2 > partitions;
  return (limit) => {
    if (!isDense) {
      const rows = mergedRows(connection, places, reached, limit);
      reached = rows.at(-1)?.[0] ?? reached;
      return { rows, isEnd: rows.length < limit };
    }
    const { rows, isEnd } = all(limit);
    const wanted = rows.filter(isWanted);
    isDense = wanted.length * 2 > rows.length;
    reached = rows.at(-1)?.[0] ?? reached;
    return { rows: wanted, isEnd };
  };
}

function mergedRows(
  connection: SqliteConnection,
  places: readonly ReadFrom[],
  row: number,
  limit: number,
): readonly JournalColumns[] {
  const rows: JournalColumns[] = [];
  for (let at = 0; at < places.length; at += partitionsAtOnce) {
    const some = places.slice(at, at + partitionsAtOnce);
    const values = some.flatMap(({ partition, after }) => [partition, Math.max(row, rowBehind(after))]);
    rows.push(...connection.columns<JournalColumns>(mergeOf(some.length), ...values, limit));
  }
  if (places.length <= partitionsAtOnce) return rows;
  return rows.sort(([one], [other]) => one - other).slice(0, limit);
}

const merges = new Map<number, string>();

// What is merged are row ids; the rows themselves are looked up afterwards, as they are taken.
function mergeOf(partitions: number): string {
  const known = merges.get(partitions);
  if (known !== undefined) return known;
  const one = 'SELECT row FROM diptych_journal WHERE partition = ? AND row > ?';
  const made = `
    SELECT ${journalColumns}
    FROM (${new Array(partitions).fill(one).join(' UNION ALL ')} ORDER BY 1 LIMIT ?) AS found
    CROSS JOIN diptych_journal AS j ON j.row = found.row
    ORDER BY found.row`;
  merges.set(partitions, made);
  return made;
}

/** So many rows are asked for before it is known how large they are. */
const firstRows = 100;

/** Gives entries on until a limit is reached. Answers whether all of them were within the limits. */
function take(
  nextRows: NextRows,
  { maxEvents, maxBytes }: ReadLimits,
  give: (entry: JournalEntry) => void,
): boolean {
  let [events, bytes] = [0, 0];
  for (;;) {
    // One more than is wanted tells whether there is more.
    const left = events === 0 ? firstRows : Math.ceil((maxBytes - bytes) / (bytes / events || 1)) + 1;
    const { rows, isEnd } = nextRows(Math.max(1, Math.min(left, maxEvents + 1 - events)));
    for (const columns of rows) {
      const entry = journalRowOf(columns);
      bytes += entry.data.length;
      if (events === maxEvents || (bytes > maxBytes && events > 0)) return false;
      give(entryOf(entry));
      events++;
    }
    if (isEnd) return true;
  }
}

function lastRows(connection: SqliteConnection, partitions: readonly number[]): ReadonlyMap<number, number> {
  return rowsByPartition(connection, selectLast, partitions);
}

function rowsByPartition(
  connection: SqliteConnection,
  sql: string,
  asked: readonly unknown[],
): ReadonlyMap<number, number> {
  const rows = connection.all<{ partition: number; row: number | null }>(sql, JSON.stringify(asked));
  return new Map(rows.flatMap(({ partition, row }) => (row === null ? [] : [[partition, row] as const])));
}
