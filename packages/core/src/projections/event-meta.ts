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
export function recordedEventMetaOf(entry: RecordedEventMeta): RecordedEventMeta {
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

/** What the fold of one document is told: an object of its own. */
export function eventMetaOf(meta: RecordedEventMeta, documentId: string): EventMeta {
  return Object.assign(recordedEventMetaOf(meta), { documentId });
}

// Spelled out, and not copied by `...`: a rebuild makes millions of them, and to V8 each such copy with one property more
// or less is of a shape of its own, which costs fifty times as much.
type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
