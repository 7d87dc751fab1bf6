import type { JournalEntry, ReadFrom, ReadLimits } from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import { entryOf, type JournalColumns, journalColumns } from './sqlite-codec.js';
import { rowBehind } from './sqlite-journal-places.js';

/** Below SQLite's limit of 500 parts of one compound statement. */
const partitionsAtOnce = 128;

const selectAll = `SELECT ${journalColumns} FROM diptych_journal AS j WHERE j.row > ? ORDER BY j.row LIMIT ?`;

/** The next rows, in the order of the journal. Shorter than `limit` is what comes last, unless `isEnd` says no. */
export type NextRows = (limit: number) => {
  readonly rows: readonly JournalColumns[];
  readonly isEnd: boolean;
};

/** All rows behind that one. */
export function allRows(connection: SqliteConnection, after: number): NextRows {
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
export function rowsBehind(
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

const dataColumn = 10;

/** Gives entries on until a limit is reached. Answers whether all of them were within the limits. */
export function take(
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
      bytes += columns[dataColumn].length;
      if (events === maxEvents || (bytes > maxBytes && events > 0)) return false;
      give(entryOf(columns));
      events++;
    }
    if (isEnd) return true;
  }
}
