import {
  type Copy,
  type CopyInfo,
  type CopyState,
  type CopySwitchOptions,
  ProgrammingError,
  type ReadModelDefinition,
  type ReadModelIndex,
  restored,
  stored,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';

export type DeclaredIndexes = Readonly<Record<string, ReadModelIndex>>;

/** A copy as its documents know it. Its number is never given again. */
export interface HeldCopy {
  readonly copy: number;
  /** JSON of the indexes that it was made with, and is kept by. */
  readonly indexes: string;
}

interface CopyRow extends HeldCopy {
  readonly model: string;
  readonly version: number;
  readonly generation: number;
  readonly state: CopyState;
  readonly since: number;
}

const isCopy = 'model = ? AND version = ? AND generation = ?';

const insertCopy = `
  INSERT INTO diptych_copies (model, version, generation, state, since, indexes)
  VALUES (?, ?, ?, 'building', ?, ?) ON CONFLICT DO NOTHING`;

export function addCopy(
  connection: SqliteConnection,
  { indexes }: ReadModelDefinition,
  copy: Copy,
  now: number,
): CopyInfo {
  connection.run(insertCopy, ...columnsOf(copy), now, JSON.stringify(indexes));
  return infoOf(findRow(connection, copy)!, now);
}

export function findCopy(connection: SqliteConnection, copy: Copy, now: number): CopyInfo | undefined {
  const row = findRow(connection, copy);
  return row && infoOf(row, now);
}

export function copiesOf(connection: SqliteConnection, model: string, now: number): readonly CopyInfo[] {
  return connection
    .all<CopyRow>('SELECT * FROM diptych_copies WHERE model = ? ORDER BY copy', stored(model))
    .map((row) => infoOf(row, now));
}

/** @throws ProgrammingError `copy-unknown`. */
export function requireCopy(connection: SqliteConnection, copy: Copy): HeldCopy {
  const row = findRow(connection, copy);
  if (row !== undefined) return row;
  const { model, version, generation } = copy;
  throw new ProgrammingError('copy-unknown', `There is no copy '${model}/v${version}/g${generation}'.`, {
    model,
    version,
    generation,
  });
}

/** Takes a copy away, and notes that its documents are to be removed. */
export function dropCopy(connection: SqliteConnection, copy: Copy): void {
  const sql = `DELETE FROM diptych_copies WHERE ${isCopy} RETURNING copy`;
  const row = connection.get<HeldCopy>(sql, ...columnsOf(copy));
  if (row !== undefined) connection.run('INSERT INTO diptych_dropped (copy) VALUES (?)', row.copy);
}

export function abandonCopy(connection: SqliteConnection, copy: Copy, now: number): 'abandoned' | 'conflict' {
  if (findRow(connection, copy)?.state !== 'building') return 'conflict';
  enter(connection, copy, 'abandoned', now);
  return 'abandoned';
}

export function switchCopies(
  connection: SqliteConnection,
  from: Copy | undefined,
  to: Copy,
  { now, servedForLessThanMs = Number.POSITIVE_INFINITY }: CopySwitchOptions & { readonly now: number },
): 'switched' | 'conflict' {
  const serving = connection.get<CopyRow>(
    "SELECT * FROM diptych_copies WHERE model = ? AND version = ? AND state = 'serving'",
    stored(to.model),
    to.version,
  );
  const expected = from === undefined ? undefined : findRow(connection, from);
  if (from !== undefined && expected === undefined) return 'conflict';
  if (findRow(connection, to)?.state !== 'building' || serving?.copy !== expected?.copy) return 'conflict';
  if (serving !== undefined && now - serving.since >= servedForLessThanMs) return 'conflict';
  if (from !== undefined) enter(connection, from, 'retired', now);
  enter(connection, to, 'serving', now);
  return 'switched';
}

function enter(connection: SqliteConnection, copy: Copy, state: CopyState, now: number): void {
  connection.run(
    `UPDATE diptych_copies SET state = ?, since = ? WHERE ${isCopy}`,
    state,
    now,
    ...columnsOf(copy),
  );
}

function findRow(connection: SqliteConnection, copy: Copy): CopyRow | undefined {
  return connection.get<CopyRow>(`SELECT * FROM diptych_copies WHERE ${isCopy}`, ...columnsOf(copy));
}

function columnsOf({ model, version, generation }: Copy) {
  return [stored(model), version, generation] as const;
}

function infoOf({ model, version, generation, state, since }: CopyRow, now: number): CopyInfo {
  return { model: restored(model), version, generation, state, stateAgeInMs: now - since };
}
