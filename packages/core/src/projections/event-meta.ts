import type { RecordedEvent } from '../journal/journal-entry.js';
import type { MessageMeta } from '../messages/envelope.js';
import type { Position } from '../partitions/position.js';

/** The facts about an event that its envelope carries, and where it lies in the journal. */
export interface RecordedEventMeta extends MessageMeta {
  readonly stream: string;
  /** 1, 2, 3 … within the stream. */
  readonly version: number;
  readonly partition: number;
  readonly position: Position;
}

/** What a fold is told beside the event and the document. */
export interface EventMeta extends RecordedEventMeta {
  /** Which document is folded: one of those that the event was said to concern. */
  readonly documentId: string;
}

/** The facts without the data, which a fold is given as an event. */
export function recordedEventMetaOf(entry: RecordedEvent): RecordedEventMeta {
  const meta: Writable<RecordedEventMeta> = {
    id: entry.id,
    name: entry.name,
    schemaVersion: entry.schemaVersion,
    time: entry.time,
    correlationId: entry.correlationId,
    causationId: entry.causationId,
    tenant: entry.tenant,
    subject: entry.subject,
    source: entry.source,
    stream: entry.stream,
    version: entry.version,
    partition: entry.partition,
    position: entry.position,
  };
  if (entry.traceparent !== undefined) meta.traceparent = entry.traceparent;
  if (entry.tracestate !== undefined) meta.tracestate = entry.tracestate;
  return meta;
}

// Spelled out: a rebuild makes millions of them, and leaving properties out of a copy costs several times as much.
type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
