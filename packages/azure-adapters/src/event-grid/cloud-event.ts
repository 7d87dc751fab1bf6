import type { JournalEntry, TransportMessage } from '@diptych/core';

/** A CloudEvent as the SDK of custom topics takes it. */
export interface OutgoingCloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: Date;
  readonly subject: string;
  readonly datacontenttype: string;
  readonly data: Record<string, unknown>;
  readonly extensionAttributes: Record<string, unknown>;
}

/**
 * An entry for foreign subscribers, who get events in any order and order them by `partition` and `position` if they
 * care. The id is that of the message, so that what is sent again can be recognised.
 */
export function cloudEventOf({ id, entry, previous }: TransportMessage): OutgoingCloudEvent {
  return {
    id,
    source: entry.source,
    type: entry.name,
    time: new Date(entry.time),
    subject: entry.kind === 'event' ? entry.stream : entry.key,
    datacontenttype: 'application/json',
    data: dataOf(entry),
    extensionAttributes: withoutUndefined(extensionsOf(entry, previous)),
  };
}

// Names are lower-case letters and digits, for the sake of every protocol that they may travel in.
function extensionsOf(entry: JournalEntry, previous: string | undefined): Record<string, unknown> {
  const { subject } = entry;
  return {
    eventid: entry.id,
    partition: entry.partition,
    position: entry.position,
    previous,
    sequence: entry.kind === 'event' ? entry.version : undefined,
    schemaversion: entry.schemaVersion,
    tenant: entry.tenant,
    correlationid: entry.correlationId,
    causationid: entry.causationId,
    subjectid: subject.id,
    traceparent: entry.traceparent,
    tracestate: entry.tracestate,
  };
}

/** The SDK takes objects only, and would make one of a list; messages are objects nearly always. */
function dataOf({ data }: JournalEntry): Record<string, unknown> {
  const parsed = JSON.parse(data) as unknown;
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  return isObject ? (parsed as Record<string, unknown>) : { value: parsed };
}

function withoutUndefined(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined && value !== ''),
  );
}
