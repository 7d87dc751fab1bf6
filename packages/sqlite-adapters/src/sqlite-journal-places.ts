import type { Position, ReadFrom } from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import { rowOf } from './sqlite-codec.js';

const selectNext = `
  SELECT f.value ->> 0 AS partition,
    (SELECT row FROM diptych_journal WHERE partition = f.value ->> 0 AND row > f.value ->> 1 ORDER BY row LIMIT 1) AS row
  FROM json_each(?) AS f`;

const selectLast = `
  SELECT f.value AS partition,
    (SELECT row FROM diptych_journal WHERE partition = f.value ORDER BY row DESC LIMIT 1) AS row
  FROM json_each(?) AS f`;

/** The row that an entry behind that position must exceed. */
export function rowBehind(after: Position | undefined): number {
  return after === undefined ? 0 : rowOf(after);
}

/** Where each partition goes on; those that have nothing new are left out: mostly many, and merging costs most. */
export function nextRows(
  connection: SqliteConnection,
  from: readonly ReadFrom[],
): ReadonlyMap<number, number> {
  const places = from.map(({ partition, after }) => [partition, rowBehind(after)]);
  return rowsByPartition(connection, selectNext, places);
}

/** The last row of each partition that has any. */
export function lastRows(
  connection: SqliteConnection,
  partitions: readonly number[],
): ReadonlyMap<number, number> {
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
