import {
  type NewParkedMessage,
  type Ownership,
  type ParkedFailure,
  type ParkedMessage,
  type ParkedQuery,
  type ParkedState,
  type Position,
  restored,
  stored,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import type { SqliteValue } from './sqlite-driver.js';

/** A key of one (subscription, partition), as it is bound. */
export interface ParkedKey {
  readonly subscription: string;
  readonly partition: number;
  readonly key: string;
}

export interface ParkedRow extends ParkedKey {
  readonly position: string;
  readonly message_id: string;
  readonly name: string;
  readonly copy: string | null;
  readonly failure: string | null;
  readonly parked_at: number;
  readonly due_at: number | null;
  readonly is_head: number;
  readonly is_free: number;
  readonly wish: 'retry' | 'discard' | null;
}

const insertParked = `
  INSERT INTO diptych_parked
    (subscription, partition, key, position, message_id, name, copy, failure, parked_at, due_at, is_head, is_free)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
  ON CONFLICT DO NOTHING`;

const isQueued = 'SELECT 1 FROM diptych_parked WHERE subscription = ? AND partition = ? AND key = ? LIMIT 1';

const ofHead = 'WHERE subscription = ? AND partition = ? AND key = ? AND position = ? AND is_head = 1';

// The next of the queue becomes its head, and nothing holds it back: the one before it was settled.
const moveUp = `
  UPDATE diptych_parked SET is_head = 1, is_free = 1
  WHERE place = (SELECT min(place) FROM diptych_parked WHERE subscription = ? AND partition = ? AND key = ?)`;

/** Puts a message at the end of its key's queue, unless it is in it. */
export function park(
  connection: SqliteConnection,
  { subscription, partition }: Ownership,
  message: NewParkedMessage,
  now: number,
): void {
  const { key, position, messageId, name, copy, failure } = message;
  const at = [stored(subscription), partition, stored(key)] as const;
  const isHead = connection.get(isQueued, ...at) === undefined;
  connection.run(
    insertParked,
    ...at,
    position,
    stored(messageId),
    stored(name),
    copy === undefined ? null : JSON.stringify(copy),
    failure === undefined ? null : JSON.stringify(failure),
    now,
    dueAt(failure, now),
    Number(isHead),
    Number(isHead && failure === undefined),
  );
}

/** Takes the head away, if it is still the one meant. */
export function takeHead(
  connection: SqliteConnection,
  { subscription, partition }: Ownership,
  key: string,
  position: Position,
): 'settled' | 'gate-lifted' {
  const at = [stored(subscription), partition, stored(key)] as const;
  const { changes } = connection.run(`DELETE FROM diptych_parked ${ofHead}`, ...at, position);
  if (changes === 0) return connection.get(isQueued, ...at) === undefined ? 'gate-lifted' : 'settled';
  return connection.run(moveUp, ...at).changes === 0 ? 'gate-lifted' : 'settled';
}

/** The head failed again. An operator who wants it gone still does; one who wanted it tried has had that. */
export function failHead(
  connection: SqliteConnection,
  { subscription, partition }: Ownership,
  { key, position }: { readonly key: string; readonly position: Position },
  failure: ParkedFailure,
  now: number,
): void {
  connection.run(
    `UPDATE diptych_parked SET failure = ?, due_at = ?, is_free = 0, wish = CASE wish WHEN 'discard' THEN wish END ${ofHead}`,
    JSON.stringify(failure),
    dueAt(failure, now),
    stored(subscription),
    partition,
    stored(key),
    position,
  );
}

/** Notes an operator's wish; false when there is no such head, or an earlier wish has not been acted on yet. */
export function wishForHead(
  connection: SqliteConnection,
  { subscription, partition, key }: ParkedKey,
  position: Position,
  wish: 'retry' | 'discard',
): boolean {
  const { changes } = connection.run(
    `UPDATE diptych_parked SET wish = ? ${ofHead} AND wish IS NULL`,
    wish,
    stored(subscription),
    partition,
    stored(key),
    position,
  );
  return changes > 0;
}

/** Parked messages of any kind, in position order. */
export function listParked(
  connection: SqliteConnection,
  { subscription, partition, key, messageId, state, limit = -1 }: ParkedQuery,
  now: number,
): readonly ParkedMessage[] {
  const conditions: string[] = [];
  const values: SqliteValue[] = [];
  const where = (condition: string, ...bound: readonly SqliteValue[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (subscription !== undefined) where('subscription = ?', stored(subscription));
  if (partition !== undefined) where('partition = ?', partition);
  if (key !== undefined) where('key = ?', stored(key));
  if (messageId !== undefined) where('message_id = ?', stored(messageId));
  if (state !== undefined) where(...stateCondition(state, now));
  const clause = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = connection.all<ParkedRow>(
    `SELECT * FROM diptych_parked ${clause} ORDER BY position, place LIMIT ?`,
    ...values,
    limit,
  );
  return rows.map((row) => parkedMessage(row, now));
}

export function parkedMessage(row: ParkedRow, now: number): ParkedMessage {
  return {
    key: restored(row.key),
    position: row.position as Position,
    messageId: restored(row.message_id),
    name: restored(row.name),
    ...(row.copy !== null && { copy: JSON.parse(row.copy) }),
    failure: row.failure === null ? undefined : failureOf(row.failure),
    subscription: restored(row.subscription),
    partition: row.partition,
    state: stateOf(row, now),
    parkedAt: new Date(row.parked_at).toISOString(),
    dueAt: row.due_at === null ? undefined : new Date(row.due_at).toISOString(),
  };
}

function stateOf({ is_head, is_free, wish, due_at }: ParkedRow, now: number): ParkedState {
  if (is_head === 0) return 'waiting';
  if (wish === 'discard') return 'discarding';
  if (wish === 'retry' || is_free === 1) return 'ready';
  if (due_at === null) return 'held';
  return due_at <= now ? 'ready' : 'delayed';
}

const undecided = 'is_head = 1 AND wish IS NULL AND is_free = 0';

// The same as `stateOf`, as conditions.
function stateCondition(state: ParkedState, now: number): [string, ...SqliteValue[]] {
  switch (state) {
    case 'waiting':
      return ['is_head = 0'];
    case 'discarding':
      return ["is_head = 1 AND wish = 'discard'"];
    case 'ready':
      return [
        "is_head = 1 AND wish IS NOT 'discard' AND (wish = 'retry' OR is_free = 1 OR due_at <= ?)",
        now,
      ];
    case 'held':
      return [`${undecided} AND due_at IS NULL`];
    case 'delayed':
      return [`${undecided} AND due_at > ?`, now];
  }
}

// What was undefined is absent in JSON.
function failureOf(text: string): ParkedFailure {
  const { code, message, attempts, delayInMs } = JSON.parse(text) as ParkedFailure;
  return { code, message, attempts, delayInMs };
}

function dueAt(failure: ParkedFailure | undefined, now: number): number | null {
  return failure?.delayInMs === undefined ? null : now + failure.delayInMs;
}
