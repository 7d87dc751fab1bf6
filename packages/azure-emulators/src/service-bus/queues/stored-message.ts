import type { Deadline } from '../../clock/deadlines.js';
import type { MessageContent } from '../messages/message-content.js';
import type { Lane } from './lane.js';
import type { MessageLock } from './message-locks.js';

export type MessageState = 'active' | 'deferred' | 'scheduled';

/** What is known of a message apart from what its sender wrote. */
export interface MessageRecord {
  readonly sequenceNumber: number;
  /** The number that the message had where it was first sent to. */
  readonly enqueuedSequenceNumber: number;
  readonly enqueuedAt: number;
  /** The due time of a scheduled message. */
  readonly scheduledFor: number | undefined;
  readonly deadLetterSource: string | undefined;
  /** How many entities have passed it on. */
  readonly hops: number;
  content: MessageContent;
  state: MessageState;
  deliveryCount: number;
}

/** A message in a queue. */
export interface StoredMessage extends MessageRecord {
  readonly lane: Lane;
  readonly expiresAt: number;
  lock: MessageLock | undefined;
  /** Its expiry, or the end of its being scheduled. */
  deadline: Deadline | undefined;
}
