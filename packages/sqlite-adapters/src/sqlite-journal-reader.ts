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

const selectBehind = `
  SELECT f.value ->> 0 AS partition FROM json_each(?) AS f
  WHERE EXISTS (SELECT 1 FROM diptych_journal WHERE partition = f.value ->> 0 AND row > f.value ->> 1)`;

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
    return this.#reading.readTogether((connection) => {
      const behind = new Set(partitionsBehind(connection, from));
      const places = from.filter(({ partition }) => behind.has(partition));
      const slices = new Map<number, JournalEntry[]>(from.map(({ partition }) => [partition, []]));
      const isAll = take(
        (row, limit) => rowsBehind(connection, places, row, limit),
        limits,
        (entry) => slices.get(entry.partition)!.push(entry),
      );
      const last = isAll ? undefined : lastRows(connection, [...behind]);
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
      const caughtUp = take(
        (row, limit) => connection.columns<JournalColumns>(selectAll, Math.max(row, rowBehind(after)), limit),
        limits,
        (entry) => entries.push(entry),
      );
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

/** The partitions that have entries behind the place asked for: mostly few, and merging the others costs most. */
function partitionsBehind(connection: SqliteConnection, from: readonly ReadFrom[]): readonly number[] {
  const places = from.map(({ partition, after }) => [partition, rowBehind(after)]);
  return connection
    .all<{ partition: number }>(selectBehind, JSON.stringify(places))
    .map(({ partition }) => partition);
}

/**
 * The entries behind several places, and behind a row of the whole journal, in the order of their positions, whichever
 * partition they lie in, so that a busy partition cannot starve the others. Each partition is a seek in the index;
 * they are merged as they are taken.
 */
function rowsBehind(
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

/**
 * Gives entries on until a limit is reached. `rowsAfter` gives the next rows behind one. Resolves whether all of them
 * were within the limits.
 */
function take(
  rowsAfter: (row: number, limit: number) => readonly JournalColumns[],
  { maxEvents, maxBytes }: ReadLimits,
  give: (entry: JournalEntry) => void,
): boolean {
  let [row, events, bytes] = [0, 0, 0];
  for (;;) {
    // One more than is wanted tells whether there is more.
    const left = events === 0 ? firstRows : Math.ceil((maxBytes - bytes) / (bytes / events || 1)) + 1;
    const limit = Math.max(1, Math.min(left, maxEvents + 1 - events));
    const rows = rowsAfter(row, limit);
    for (const columns of rows) {
      const entry = journalRowOf(columns);
      bytes += entry.data.length;
      if (events === maxEvents || (bytes > maxBytes && events > 0)) return false;
      give(entryOf(entry));
      events++;
      row = entry.row;
    }
    if (rows.length < limit) return true;
  }
}

function lastRows(connection: SqliteConnection, partitions: readonly number[]): ReadonlyMap<number, number> {
  const rows = connection.all<{ partition: number; row: number | null }>(
    selectLast,
    JSON.stringify(partitions),
  );
  return new Map(rows.flatMap(({ partition, row }) => (row === null ? [] : [[partition, row] as const])));
}
