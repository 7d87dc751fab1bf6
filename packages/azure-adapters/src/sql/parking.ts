import {
  type NewParkedMessage,
  type ParkedFailure,
  type ParkedMessage,
  type ParkedQuery,
  type ParkedState,
  type Position,
  restored,
} from '@diptych/core';
import { big, digest, indexedName, int, name, position, type SqlParameter, text } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';

export type ParkedColumns = readonly [
  subscription: string,
  partition: number,
  key: string,
  position: string,
  messageId: string,
  name: string,
  copy: string | null,
  failure: string | null,
  parkedAt: string,
  dueAt: string | null,
  isHead: boolean,
  isFree: boolean,
  wish: 'retry' | 'discard' | null,
];

export const parkedColumns = `p.subscription, p.partition, p.parked_key, p.position, p.message_id, p.name, p.copy,
  p.failure, p.parked_at, p.due_at, p.is_head, p.is_free, p.wish`;

/** Of one key. */
const ofKey = 'subscription = @subscription AND partition = @partition AND key_id = @keyId';
/** The head that is meant, if it still is the head. */
export const ofHead = `${ofKey} AND position = @position AND is_head = 1`;

export function keyParameters(key: string, at?: Position): Record<string, SqlParameter> {
  return { keyId: digest(key), ...(at !== undefined && { position: position(at) }) };
}

interface Statement {
  readonly sql: string;
  readonly parameters: Record<string, SqlParameter>;
}

/** Puts a message at the end of its key's queue, unless it is in it. */
export function parkStatement(
  { parked }: SqlTables,
  { key, position: at, messageId, name: wireName, copy, failure }: NewParkedMessage,
  number: number,
): Statement {
  const of = (parameter: string) => `@${parameter}${number}`;
  const key_ = `subscription = @subscription AND partition = @partition AND key_id = ${of('key')}`;
  const parameters = {
    key: digest(key),
    pos: position(at),
    text: text(key),
    message: name(messageId),
    name: name(wireName),
    copy: text(copy === undefined ? null : JSON.stringify(copy)),
    failure: text(failure === undefined ? null : JSON.stringify(failure)),
    delay: delayOf(failure),
  };
  return {
    sql: `
      IF NOT EXISTS (SELECT 1 FROM ${parked} WHERE ${key_} AND position = ${of('pos')})
      BEGIN
        SET @isHead = CASE WHEN EXISTS (SELECT 1 FROM ${parked} WHERE ${key_}) THEN 0 ELSE 1 END;
        INSERT INTO ${parked} (subscription, partition, key_id, position, parked_key, message_id, name, copy, failure,
          parked_at, due_at, is_head, is_free)
        VALUES (@subscription, @partition, ${of('key')}, ${of('pos')}, ${of('text')}, ${of('message')}, ${of('name')},
          ${of('copy')}, ${of('failure')}, @now, @now + ${of('delay')}, @isHead, ${failure === undefined ? '@isHead' : '0'});
      END;`,
    parameters: Object.fromEntries(
      Object.entries<SqlParameter>(parameters).map(([each, value]) => [`${each}${number}`, value]),
    ),
  };
}

/** Takes the head away, if it is still the one meant: the next of the queue becomes its head, and nothing holds it back. */
export function takeHead({ parked }: SqlTables): string {
  return `
    DELETE FROM ${parked} WHERE ${ofHead};
    IF @@ROWCOUNT > 0
      UPDATE ${parked} SET is_head = 1, is_free = 1
      WHERE place = (SELECT MIN(place) FROM ${parked} WHERE ${ofKey});
    SET @answer = CASE WHEN EXISTS (SELECT 1 FROM ${parked} WHERE ${ofKey}) THEN 'settled' ELSE 'gate-lifted' END;`;
}

/** The head failed again. An operator who wants it gone still does; one who wanted it tried has had that. */
export function failHead({ parked }: SqlTables): string {
  return `
    UPDATE ${parked} SET failure = @failure, due_at = @now + @delay, is_free = 0,
      wish = CASE WHEN wish = 'discard' THEN wish END
    WHERE ${ofHead};
    SET @answer = 'parked';`;
}

export function delayOf(failure: ParkedFailure | undefined): SqlParameter {
  const { delayInMs } = failure ?? {};
  return delayInMs === undefined ? { ...big(0), value: null } : big(delayInMs);
}

/** Parked messages of any kind, in position order. */
export function listStatement(
  { parked }: SqlTables,
  { subscription, partition, key, messageId, state, limit = mostRows }: ParkedQuery,
): Statement {
  const conditions: string[] = [];
  const parameters: Record<string, SqlParameter> = { limit: int(Math.min(limit, mostRows)) };
  const where = (condition: string, parameter: string, value: SqlParameter) => {
    conditions.push(condition);
    parameters[parameter] = value;
  };
  if (subscription !== undefined)
    where('p.subscription = @subscription', 'subscription', indexedName(subscription));
  if (partition !== undefined) where('p.partition = @partition', 'partition', int(partition));
  if (key !== undefined) where('p.key_id = @keyId', 'keyId', digest(key));
  if (messageId !== undefined) where('p.message_id = @message', 'message', name(messageId));
  if (state !== undefined) conditions.push(stateCondition(state));
  const clause = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT TOP (@limit) ${parkedColumns} FROM ${parked} AS p ${clause} ORDER BY p.position, p.place;`,
    parameters,
  };
}

const mostRows = 1_000_000;

export function parkedMessage(row: ParkedColumns, now: number): ParkedMessage {
  const [subscription, partition, key, at, messageId, wireName, copy, failure, parkedAt, dueAt] = row;
  return {
    key,
    position: at as Position,
    messageId: restored(messageId),
    name: restored(wireName),
    ...(copy !== null && { copy: JSON.parse(copy) }),
    failure: failure === null ? undefined : failureOf(failure),
    subscription: restored(subscription),
    partition,
    state: stateOf(row, now),
    parkedAt: new Date(Number(parkedAt)).toISOString(),
    dueAt: dueAt === null ? undefined : new Date(Number(dueAt)).toISOString(),
  };
}

function stateOf(row: ParkedColumns, now: number): ParkedState {
  const [, , , , , , , , , dueAt, isHead, isFree, wish] = row;
  if (!isHead) return 'waiting';
  if (wish === 'discard') return 'discarding';
  if (wish === 'retry' || isFree) return 'ready';
  if (dueAt === null) return 'held';
  return Number(dueAt) <= now ? 'ready' : 'delayed';
}

const undecided = 'p.is_head = 1 AND p.wish IS NULL AND p.is_free = 0';

// The same as `stateOf`, as conditions.
function stateCondition(state: ParkedState): string {
  switch (state) {
    case 'waiting':
      return 'p.is_head = 0';
    case 'discarding':
      return "p.is_head = 1 AND p.wish = 'discard'";
    case 'ready':
      return "p.is_head = 1 AND (p.wish IS NULL OR p.wish <> 'discard') AND (p.wish = 'retry' OR p.is_free = 1 OR p.due_at <= @now)";
    case 'held':
      return `${undecided} AND p.due_at IS NULL`;
    case 'delayed':
      return `${undecided} AND p.due_at > @now`;
  }
}

// What was undefined is absent in JSON.
function failureOf(json: string): ParkedFailure {
  const { code, message, attempts, delayInMs } = JSON.parse(json) as ParkedFailure;
  return { code, message, attempts, delayInMs };
}
