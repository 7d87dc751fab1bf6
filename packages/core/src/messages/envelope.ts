import type { MessageKind } from './message.js';
import type { Subject } from './subject.js';

/** What every message carries beside its data, from the first day. */
export interface MessageMeta {
  /** Unique per message. A caller who retries a command sends the same one. */
  readonly id: string;
  /** The stable wire name, never a class name. */
  readonly name: string;
  readonly schemaVersion: number;
  /**
   * When it was made, by the clock of who made it; of a scheduled command, when it is due. ISO 8601, UTC. Nothing
   * is ordered by it.
   */
  readonly time: string;
  /** The same for everything that one request set in motion. */
  readonly correlationId: string;
  /** The id of the message that caused this one; its own id where nothing did. */
  readonly causationId: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly tenant: string;
  readonly subject: Subject;
  /** The program that made it: the `name` given to `createApp`. */
  readonly source: string;
}

/** A message as stores and transports carry it: facts about it, and its data as JSON text. */
export interface Envelope extends MessageMeta {
  readonly kind: MessageKind;
  /**
   * The data as JSON text. Text, not an object: nobody can change it on the way, and it is parsed once, by
   * whoever needs it.
   */
  readonly data: string;
}
