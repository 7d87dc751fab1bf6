import {
  DiptychError,
  type Envelope,
  type JournalEntry,
  type Position,
  type RecordedCommand,
  type RecordedEvent,
  restored,
} from '@diptych/core';

/** What is read of a journal row. */
export const journalColumns =
  'j.rv, j.first_index, j.partition, j.first_version, j.name, j.is_command, j.facts, j.data';

/** Where the data is among them. */
export const dataColumn = 7;

/** The values of `journalColumns`. */
export type JournalColumns = readonly [
  rv: Buffer,
  firstIndex: number,
  partition: number,
  firstVersion: number,
  name: string,
  isCommand: boolean,
  facts: string,
  data: string,
];

type Shared = Pick<
  Envelope,
  'correlationId' | 'causationId' | 'traceparent' | 'tracestate' | 'tenant' | 'subject' | 'source'
>;

/** Of each event its own: id, wire name, schema version, time, length of its data, and what it does not share. */
type Own = readonly [
  id: string,
  name: string,
  schemaVersion: number,
  time: string,
  length: number,
  shared?: Shared,
];

interface Facts {
  /** What the envelopes of a unit have in common, as good as always. */
  readonly shared: Shared;
  readonly own: readonly Own[];
}

export interface EncodedRow {
  readonly facts: string;
  readonly data: string;
}

/** Envelopes that one row holds. */
export function encodeRow(envelopes: readonly Envelope[]): EncodedRow {
  const shared = sharedOf(envelopes[0]!);
  const sharedText = JSON.stringify(shared);
  const own = envelopes.map((envelope): Own => {
    const { id, name, schemaVersion, time, data } = envelope;
    const ofThis = sharedOf(envelope);
    const facts = [id, name, schemaVersion, time, data.length] as const;
    return JSON.stringify(ofThis) === sharedText ? facts : [...facts, ofThis];
  });
  return {
    facts: JSON.stringify({ shared, own } satisfies Facts),
    data: envelopes.length === 1 ? envelopes[0]!.data : envelopes.map(({ data }) => data).join(''),
  };
}

/** The entries of a row. @throws DiptychError `journal-row-unreadable`, with its place, when somebody changed the row. */
export function decodeRow(columns: JournalColumns): readonly JournalEntry[] {
  const [rv, firstIndex, partition, firstVersion, key, isCommand, , data] = columns;
  const { shared, own: events } = factsOf(columns);
  const name = restored(key);
  let start = 0;
  return events.map((facts, index) => {
    const [, , , , length, others] = facts;
    // Most rows hold one event, whose data is the whole of it.
    const text = length === data.length ? data : data.slice(start, start + length);
    start += length;
    const position = positionOf(rv, firstIndex + index);
    const own = { facts, shared: others ?? shared, data: text, partition, position };
    return isCommand ? commandFrom(own, name) : eventFrom(own, name, firstVersion + index);
  });
}

export function eventsOf(columns: JournalColumns): readonly RecordedEvent[] {
  return decodeRow(columns) as readonly RecordedEvent[];
}

/** As `positionAt`, of the eight bytes as they come. */
export function positionOf(rv: Buffer, index: number): Position {
  return (rv.toString('hex') + index.toString(16).padStart(4, '0')) as Position;
}

/** How many entries a row holds, by its facts alone. */
export function timesOf(columns: JournalColumns): readonly string[] {
  return factsOf(columns).own.map(([, , , time]) => time);
}

interface EntryParts {
  readonly facts: Own;
  readonly shared: Shared;
  readonly data: string;
  readonly partition: number;
  readonly position: Position;
}

/** Written out, for events are most of what is read: no object is made only to be copied. */
function eventFrom(
  { facts: [id, name, schemaVersion, time], shared, data, partition, position }: EntryParts,
  stream: string,
  version: number,
): RecordedEvent {
  const { correlationId, causationId, tenant, subject, source } = shared;
  const entry: RecordedEvent = {
    kind: 'event',
    id,
    name,
    schemaVersion,
    time,
    correlationId,
    causationId,
    tenant,
    subject,
    source,
    data,
    partition,
    position,
    stream,
    version,
  };
  return withTrace(entry, shared);
}

function commandFrom(parts: EntryParts, key: string): RecordedCommand {
  const { stream: _stream, version: _version, ...envelope } = eventFrom(parts, '', 0);
  return { ...envelope, kind: 'command', key };
}

function withTrace<Entry extends JournalEntry>(entry: Entry, { traceparent, tracestate }: Shared): Entry {
  if (traceparent === undefined) return entry;
  return tracestate === undefined ? { ...entry, traceparent } : { ...entry, traceparent, tracestate };
}

function sharedOf(envelope: Envelope): Shared {
  const { correlationId, causationId, traceparent, tracestate, tenant, subject, source } = envelope;
  return { correlationId, causationId, traceparent, tracestate, tenant, subject, source } as Shared;
}

function factsOf([rv, firstIndex, partition, , , , facts]: JournalColumns): Facts {
  try {
    return JSON.parse(facts) as Facts;
  } catch (cause) {
    const position = positionOf(rv, firstIndex);
    throw new DiptychError({
      code: 'journal-row-unreadable',
      message: `The journal's row at position ${position} (partition ${partition}) is damaged: restore a copy made before.`,
      origin: 'infrastructure',
      details: { partition, position },
      cause,
    });
  }
}
