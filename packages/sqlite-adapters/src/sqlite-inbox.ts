import {
  type CommandOutcome,
  ConcurrencyConflictError,
  DiptychError,
  type InboxKey,
  type InboxMark,
  restored,
  type SettledCommand,
  stored,
  type WrittenRange,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';

export type InboxId = Omit<InboxKey, 'fingerprint'>;

interface MarkRow {
  readonly fingerprint: string;
  readonly message_id: string;
  readonly outcome: string;
  readonly ranges: string;
}

const insertMark = `
  INSERT INTO diptych_inbox (id, handler, scope, tenant, fingerprint, message_id, outcome, ranges, forget_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

const findMark = `
  SELECT fingerprint, message_id, outcome, ranges FROM diptych_inbox
  WHERE id = ? AND handler = ? AND scope = ? AND tenant = ?`;

const forgetMarks = `
  DELETE FROM diptych_inbox
  WHERE mark IN (SELECT mark FROM diptych_inbox WHERE forget_at <= ? ORDER BY forget_at LIMIT ?)`;

/** What is remembered under that name. */
export function findSettled(connection: SqliteConnection, key: InboxId): SettledCommand | undefined {
  const row = findRow(connection, key);
  return row && settledOf(row);
}

/** As `findSettled`. @throws DiptychError `idempotency-mismatch` when the key was used with another payload. */
export function settledCommand(connection: SqliteConnection, key: InboxKey): SettledCommand | undefined {
  const row = findRow(connection, key);
  if (row === undefined || row.fingerprint === key.fingerprint) return row && settledOf(row);
  throw new DiptychError({
    code: 'idempotency-mismatch',
    message: `'${key.id}' was used before, for another payload.`,
    details: { handler: key.handler, id: key.id },
  });
}

/** @throws ConcurrencyConflictError when the key has a mark. */
export function writeMark(
  connection: SqliteConnection,
  { key, messageId, outcome, rememberForMs }: InboxMark,
  ranges: readonly WrittenRange[],
  now: number,
): void {
  const { changes } = connection.run(
    insertMark,
    ...columnsOf(key),
    key.fingerprint,
    stored(messageId),
    JSON.stringify(outcome),
    JSON.stringify(ranges),
    Math.ceil(now + rememberForMs),
  );
  if (changes > 0) return;
  settledCommand(connection, key);
  throw new ConcurrencyConflictError(`'${key.id}' was settled by another unit of work.`, {
    handler: key.handler,
    id: key.id,
  });
}

/** Removes marks that are past their time. Returns how many. */
export function forgetSettled(connection: SqliteConnection, limit: number, now: number): number {
  return connection.run(forgetMarks, now, limit).changes;
}

export function hasMarksToForget(connection: SqliteConnection, now: number): boolean {
  return connection.get('SELECT 1 FROM diptych_inbox WHERE forget_at <= ? LIMIT 1', now) !== undefined;
}

function findRow(connection: SqliteConnection, key: InboxId): MarkRow | undefined {
  return connection.get<MarkRow>(findMark, ...columnsOf(key));
}

function columnsOf({ id, handler, scope, tenant }: InboxId): readonly string[] {
  return [stored(id), stored(handler), stored(scope), stored(tenant)];
}

function settledOf({ message_id, outcome, ranges }: MarkRow): SettledCommand {
  return {
    messageId: restored(message_id),
    outcome: JSON.parse(outcome) as CommandOutcome,
    ranges: JSON.parse(ranges) as readonly WrittenRange[],
  };
}
