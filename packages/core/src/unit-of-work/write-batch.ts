import type { Envelope } from '../messages/envelope.js';
import type { InboxMark } from './inbox.js';
import type { StreamId } from './stream-id.js';

/**
 * What a stream must look like for an append to go through: at this version (0: not there yet), not there yet,
 * there, or anything. Earlier appends of the same batch count. Where two units race and the store cannot put one
 * behind the other, the loser conflicts, also with `'any'`.
 */
export type ExpectedVersion = number | 'none' | 'exists' | 'any';

/** Events for the end of one stream. */
export interface AppendToStream {
  readonly kind: 'append';
  readonly stream: StreamId;
  readonly expectedVersion: ExpectedVersion;
  /**
   * What decides the stream's partition. `undefined`: what the stream's first event said, or the stream's name.
   * Another key than that of the first event is refused with `partition-key-changed`.
   */
  readonly partitionKey: string | undefined;
  readonly events: readonly Envelope[];
}

/** A command for the journal, in the partition of its key. */
export interface SendCommand {
  readonly kind: 'send';
  readonly key: string;
  readonly command: Envelope;
}

/** A command that is moved into the journal when it is due, by the store's clock. */
export interface ScheduleCommand {
  readonly kind: 'schedule';
  readonly key: string;
  readonly command: Envelope;
  readonly due: { readonly inMs: number } | { readonly at: string };
}

/** Takes a scheduled command back; nothing happens when it has been moved already. */
export interface CancelScheduled {
  readonly kind: 'cancel';
  readonly tenant: string;
  readonly messageId: string;
}

/**
 * The final batch of a unit of work: everything of ours, in call order, all or nothing. A mark whose key is
 * marked already makes it conflict.
 */
export interface WriteBatch {
  readonly entries: readonly (AppendToStream | SendCommand | ScheduleCommand | CancelScheduled)[];
  readonly mark?: InboxMark;
}
