import { type Command, definitionOf, type Envelope, type Event, type WriteBatch } from '@diptych/core';
import { comparable } from './comparable.js';
import type { StreamEvents } from './recorded.js';

/** A command and when it is due, as a scenario expects it. */
export interface DueCommand {
  readonly command: Command;
  readonly due: { readonly inMs: number } | { readonly at: Date };
}

/** A command that is scheduled to run so many milliseconds after the scenario's present. */
export function dueIn(ms: number, command: Command): DueCommand {
  return { command, due: { inMs: ms } };
}

/** A command that is scheduled for a time. */
export function dueAt(at: Date, command: Command): DueCommand {
  return { command, due: { at } };
}

interface Plain {
  readonly name: string;
  readonly data: unknown;
}

/** What handlers have written, as plain data, in the order they asked for it. */
export interface Written {
  readonly events: readonly (Plain & { readonly stream: string })[];
  readonly sent: readonly Plain[];
  readonly scheduled: readonly (Plain & { readonly due: string })[];
  /** Ids of commands that were taken back, and that the scenario itself had not scheduled. */
  readonly cancelled: readonly string[];
}

export function writtenIn(batches: readonly WriteBatch[], now: number): Written {
  const entries = batches.flatMap((batch) => batch.entries);
  const scheduledHere = entries.filter((entry) => entry.kind === 'schedule');
  const taken = entries.filter((entry) => entry.kind === 'cancel').map(({ messageId }) => messageId);
  return {
    events: entries
      .filter((entry) => entry.kind === 'append')
      .flatMap(({ stream, events }) => events.map((event) => ({ stream: stream.name, ...plain(event) }))),
    sent: entries.filter((entry) => entry.kind === 'send').map(({ command }) => plain(command)),
    scheduled: scheduledHere
      .filter(({ command }) => !taken.includes(command.id))
      .map(({ command, due }) => ({ ...plain(command), due: timeOf(due, now) })),
    cancelled: taken.filter((id) => !scheduledHere.some(({ command }) => command.id === id)),
  };
}

/** Expected events beside those that were appended; streams count where the expectation names them. */
export function eventsBeside(
  expected: readonly (Event | StreamEvents)[],
  actual: Written['events'],
): { readonly expected: readonly object[]; readonly actual: readonly object[] } {
  const wanted = expected.flatMap((one): readonly (Plain & { readonly stream?: string })[] =>
    definitionOf(one) === undefined
      ? (one as StreamEvents).events.map((event) => ({
          stream: (one as StreamEvents).stream,
          ...comparable(event),
        }))
      : [comparable(one)],
  );
  const got = actual.map(({ stream, ...event }, index) =>
    wanted[index]?.stream === undefined ? event : { stream, ...event },
  );
  return { expected: wanted, actual: got };
}

/** Expected commands beside those that were scheduled; times count where the expectation names them. */
export function scheduledBeside(
  expected: readonly (Command | DueCommand)[],
  actual: Written['scheduled'],
  now: number,
): { readonly expected: readonly object[]; readonly actual: readonly object[] } {
  const wanted = expected.map((one): Plain & { readonly due?: string } => {
    if (definitionOf(one) !== undefined) return comparable(one);
    const { command, due } = one as DueCommand;
    return { ...comparable(command), due: timeOf(due, now) };
  });
  const got = actual.map(({ due, ...command }, index) =>
    wanted[index]?.due === undefined ? command : { ...command, due },
  );
  return { expected: wanted, actual: got };
}

function plain({ name, data }: Envelope): Plain {
  return { name, data: JSON.parse(data) as unknown };
}

function timeOf(due: { readonly inMs: number } | { readonly at: string | Date }, now: number): string {
  return new Date('inMs' in due ? now + due.inMs : due.at).toISOString();
}
