import { SortedTree } from '../../sorted-tree/sorted-tree.js';
import type { MessageContent } from '../messages/message-content.js';
import type { Changes } from '../storage/changes.js';
import type { MessageState, StoredMessage } from './stored-message.js';

/** The messages of a queue in the order of their sequence numbers, counted and measured. */
export class MessageTable {
  readonly counts: Record<MessageState, number> = { active: 0, deferred: 0, scheduled: 0 };
  sizeInBytes = 0;
  private readonly messages = new SortedTree<number, StoredMessage>();
  private lastSequenceNumber = 0;

  constructor(private readonly changes: Changes) {}

  get lastGiven(): number {
    return this.lastSequenceNumber;
  }

  nextSequenceNumber(): number {
    return ++this.lastSequenceNumber;
  }

  /** Numbers up to this one were given before a restart. */
  continueAfter(sequenceNumber: number): void {
    this.lastSequenceNumber = Math.max(this.lastSequenceNumber, sequenceNumber);
  }

  get(sequenceNumber: number): StoredMessage | undefined {
    return this.messages.get(sequenceNumber);
  }

  /** Up to `count` messages of any state from a sequence number on. */
  peek(from: number, count: number, sessionId?: string): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const [, message] of this.messages.entries(from)) {
      if (found.length === count) break;
      if (sessionId === undefined || message.content.sessionId === sessionId) found.push(message);
    }
    return found;
  }

  add(message: StoredMessage): void {
    this.messages.set(message.sequenceNumber, message);
    this.counts[message.state]++;
    this.sizeInBytes += message.content.sizeInBytes;
    this.changes.changed();
  }

  remove(message: StoredMessage): void {
    this.messages.delete(message.sequenceNumber);
    this.counts[message.state]--;
    this.sizeInBytes -= message.content.sizeInBytes;
    this.changes.changed();
  }

  change(
    message: StoredMessage,
    to: { content?: MessageContent; state?: MessageState; deliveryCount?: number },
  ): void {
    const { content = message.content, state = message.state } = to;
    this.sizeInBytes += content.sizeInBytes - message.content.sizeInBytes;
    this.counts[message.state]--;
    this.counts[state]++;
    Object.assign(message, to);
    this.changes.changed();
  }
}
