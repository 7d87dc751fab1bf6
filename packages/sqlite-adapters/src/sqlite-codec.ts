import {
  DiptychError,
  type Envelope,
  type JournalEntry,
  type Position,
  partsOf,
  positionAt,
  type RecordedCommand,
  type RecordedEvent,
  restored,
} from '@diptych/core';

/** What is read of a journal row: what is asked for has columns, the rest of the envelope is one JSON text. */
export const journalColumns =
  'j.row, j.partition, j.version, j.key, j.tenant, j.id, j.name, j.schema_version, j.time, j.facts, j.data';

/** The values of `journalColumns`. */
export type JournalColumns = readonly [
  row: number,
  partition: number,
  version: number | null,
  key: string,
  tenant: string,
  id: string,
  name: string,
  schemaVersion: number,
  time: string,
  facts: string,
  data: string,
];

type Facts = Pick<
  Envelope,
  'correlationId' | 'causationId' | 'traceparent' | 'tracestate' | 'subject' | 'source'
> & { readonly tenant?: string };

/** What has no column of its own; the tenant, where it is not that of the stream. */
export function factsOf(envelope: Envelope, tenant: string): string {
  const { correlationId, causationId, traceparent, tracestate, subject, source } = envelope;
  const facts = { correlationId, causationId, traceparent, tracestate, subject, source };
  return JSON.stringify(envelope.tenant === tenant ? facts : { ...facts, tenant: envelope.tenant });
}

/** @throws DiptychError `journal-row-unreadable`, with its place, when somebody changed the row. */
export function entryOf(columns: JournalColumns): JournalEntry {
  const position = positionAt(columns[0], 0);
  const facts = parseFacts(columns, position);
  const isCommand = columns[2] === null;
  const entry = isCommand ? commandFrom(columns, facts, position) : eventFrom(columns, facts, position);
  const traced: { -readonly [Name in 'traceparent' | 'tracestate']?: string } = entry;
  if (facts.traceparent !== undefined) traced.traceparent = facts.traceparent;
  if (facts.tracestate !== undefined) traced.tracestate = facts.tracestate;
  return entry;
}

// Both are spelled out: a rebuild makes millions of them, and spreading costs more than all the rest.

function eventFrom(
  [, partition, version, key, tenant, id, name, schemaVersion, time, , data]: JournalColumns,
  facts: Facts,
  position: Position,
): RecordedEvent {
  return {
    kind: 'event',
    id: restored(id),
    name: restored(name),
    schemaVersion,
    time: restored(time),
    correlationId: facts.correlationId,
    causationId: facts.causationId,
    tenant: facts.tenant ?? restored(tenant),
    subject: facts.subject,
    source: facts.source,
    data,
    partition,
    position,
    stream: restored(key),
    version: version as number,
  };
}

function commandFrom(
  [, partition, , key, tenant, id, name, schemaVersion, time, , data]: JournalColumns,
  facts: Facts,
  position: Position,
): RecordedCommand {
  return {
    kind: 'command',
    id: restored(id),
    name: restored(name),
    schemaVersion,
    time: restored(time),
    correlationId: facts.correlationId,
    causationId: facts.causationId,
    tenant: facts.tenant ?? restored(tenant),
    subject: facts.subject,
    source: facts.source,
    data,
    partition,
    position,
    key: restored(key),
  };
}

export function eventOf(columns: JournalColumns): RecordedEvent {
  return entryOf(columns) as RecordedEvent;
}

/** The row that a position names. One that no row of SQLite can have counts as behind all of them. */
export function rowOf(position: Position): number {
  const { row } = partsOf(position);
  return row > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(row);
}

function parseFacts([row, partition, , , , , , , , facts]: JournalColumns, position: Position): Facts {
  try {
    return JSON.parse(facts) as Facts;
  } catch (cause) {
    throw new DiptychError({
      code: 'journal-row-unreadable',
      message: `The journal's row ${row} (partition ${partition}, position ${position}) is damaged: restore a copy made before.`,
      origin: 'infrastructure',
      details: { row, partition, position },
      cause,
    });
  }
}
