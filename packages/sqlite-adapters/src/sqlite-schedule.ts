import {
  type CancelScheduled,
  type Envelope,
  restored,
  type ScheduleCommand,
  type SendCommand,
  stored,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';

interface ScheduledRow {
  readonly place: number;
  readonly key: string;
  readonly command: string;
}

const insertScheduled = `
  INSERT INTO diptych_scheduled (partition, due_at, key, tenant, id, command) VALUES (?, ?, ?, ?, ?, ?)`;

const selectDue = `
  SELECT place, key, command FROM diptych_scheduled
  WHERE partition = ? AND due_at <= ? ORDER BY due_at, place LIMIT ?`;

/** A command that waits for its time. */
export function addScheduled(
  connection: SqliteConnection,
  { key, command, due }: ScheduleCommand,
  partition: number,
  now: number,
): void {
  const dueAt = 'inMs' in due ? now + due.inMs : Date.parse(due.at);
  const text = JSON.stringify(command);
  connection.run(
    insertScheduled,
    partition,
    Math.ceil(dueAt),
    stored(key),
    stored(command.tenant),
    stored(command.id),
    text,
  );
}

export function cancelScheduled(
  connection: SqliteConnection,
  { tenant, messageId }: Pick<CancelScheduled, 'tenant' | 'messageId'>,
): void {
  connection.run(
    'DELETE FROM diptych_scheduled WHERE id = ? AND tenant = ?',
    stored(messageId),
    stored(tenant),
  );
}

/** Takes the commands of a partition that are due out of the table, in the order they are due. */
export function takeDue(
  connection: SqliteConnection,
  partition: number,
  limit: number,
  now: number,
): readonly SendCommand[] {
  const rows = connection.all<ScheduledRow>(selectDue, partition, now, limit);
  for (const { place } of rows) connection.run('DELETE FROM diptych_scheduled WHERE place = ?', place);
  return rows.map(({ key, command }) => ({
    kind: 'send',
    key: restored(key),
    command: JSON.parse(command) as Envelope,
  }));
}

/** How long until the next one of a partition is due: 0 when it is, `undefined` when there is none. */
export function nextDueInMs(
  connection: SqliteConnection,
  partition: number,
  now: number,
): number | undefined {
  const next = connection.get<{ due_at: number }>(
    'SELECT due_at FROM diptych_scheduled WHERE partition = ? ORDER BY due_at LIMIT 1',
    partition,
  );
  return next && Math.max(0, next.due_at - now);
}
