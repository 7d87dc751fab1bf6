import {
  DiptychError,
  type Envelope,
  type JournalEntry,
  type Position,
  partsOf,
  positionAt,
  type RecordedCommand,
  type RecordedEvent,
} from '@diptych/core';
import { restored } from './stored-text.js';

/** An envelope as a journal row holds it: what is asked for has columns, the rest is one JSON text. */
interface EnvelopeColumns {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly schema_version: number;
  readonly time: string;
  readonly facts: string;
  readonly data: string;
}

export interface JournalRow extends EnvelopeColumns {
  readonly row: number;
  readonly partition: number;
  readonly version: number | null;
  readonly key: string;
}

/** The columns of a `JournalRow`, for statements that read some. */
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

export function journalRowOf(columns: JournalColumns): JournalRow {
  const [row, partition, version, key, tenant, id, name, schema_version, time, facts, data] = columns;
  return { row, partition, version, key, tenant, id, name, schema_version, time, facts, data };
}

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
export function entryOf(row: JournalRow): JournalEntry {
  const position = positionAt(row.row, 0);
  const facts = parseFacts(row, position);
  const entry = row.version === null ? commandFrom(row, facts, position) : eventFrom(row, facts, position);
  const traced: { -readonly [Name in 'traceparent' | 'tracestate']?: string } = entry;
  if (facts.traceparent !== undefined) traced.traceparent = facts.traceparent;
  if (facts.tracestate !== undefined) traced.tracestate = facts.tracestate;
  return entry;
}

// Both are spelled out: a rebuild makes millions of them, and spreading costs more than all the rest.

function eventFrom(row: JournalRow, facts: Facts, position: Position): RecordedEvent {
  return {
    kind: 'event',
    id: restored(row.id),
    name: restored(row.name),
    schemaVersion: row.schema_version,
    time: restored(row.time),
    correlationId: facts.correlationId,
    causationId: facts.causationId,
    tenant: facts.tenant ?? restored(row.tenant),
    subject: facts.subject,
    source: facts.source,
    data: row.data,
    partition: row.partition,
    position,
    stream: restored(row.key),
    version: row.version as number,
  };
}

function commandFrom(row: JournalRow, facts: Facts, position: Position): RecordedCommand {
  return {
    kind: 'command',
    id: restored(row.id),
    name: restored(row.name),
    schemaVersion: row.schema_version,
    time: restored(row.time),
    correlationId: facts.correlationId,
    causationId: facts.causationId,
    tenant: facts.tenant ?? restored(row.tenant),
    subject: facts.subject,
    source: facts.source,
    data: row.data,
    partition: row.partition,
    position,
    key: restored(row.key),
  };
}

export function eventOf(row: JournalRow): RecordedEvent {
  return entryOf(row) as RecordedEvent;
}

/** The row that a position names. One that no row of SQLite can have counts as behind all of them. */
export function rowOf(position: Position): number {
  const { row } = partsOf(position);
  return row > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(row);
}

function parseFacts({ row, facts, partition }: JournalRow, position: Position): Facts {
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
