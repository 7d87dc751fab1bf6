import type { Deadline } from '../../clock/deadlines.js';
import type { MessageContent } from '../messages/message-content.js';

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
  readonly lane: MessageLane;
  readonly expiresAt: number;
  lock: MessageLock | undefined;
  /** Its expiry, or the end of its being scheduled. */
  deadline: Deadline | undefined;
}

/** Who takes messages: a link of a client. */
export interface Receiver {
  /** True where a message is gone as soon as it is delivered: receive-and-delete. */
  readonly deletes: boolean;
  /** How many messages it can take now. */
  room(): number;
  deliver(message: StoredMessage): void;
}

/** Where a message waits for its turn. */
export interface MessageLane {
  put(message: StoredMessage): void;
  remove(message: StoredMessage): void;
  /** The next message and who takes it, while there are both. */
  deliveries(): Iterable<[StoredMessage, Receiver]>;
}

export interface MessageLock {
  readonly token: string;
  readonly message: StoredMessage;
  readonly hold: MessageHold;
}

/** What keeps messages locked: one message's own hold, or that of its session on all of them. */
export interface MessageHold {
  readonly locks: Set<MessageLock>;
  /** When it ends by itself. */
  readonly until: number;
  renew(): void;
  drop(): void;
}
