import { SortedTree } from '../../sorted-tree/sorted-tree.js';
import type { MessageLane, Receiver, StoredMessage } from './stored-message.js';

/** Messages that are delivered in order, and who waits for them: all of a queue, or those of one session. */
export class Lane implements MessageLane {
  private readonly ready = new SortedTree<number, StoredMessage>();
  private readonly receivers: Receiver[] = [];
  private turn = 0;

  get hasReady(): boolean {
    return !this.ready.isEmpty;
  }

  get hasReceivers(): boolean {
    return this.receivers.length > 0;
  }

  /** Back to its place by sequence number, wherever it comes from. */
  put(message: StoredMessage): void {
    this.ready.set(message.sequenceNumber, message);
  }

  remove(message: StoredMessage): void {
    this.ready.delete(message.sequenceNumber);
  }

  attach(receiver: Receiver): void {
    this.receivers.push(receiver);
  }

  detach(receiver: Receiver): void {
    const index = this.receivers.indexOf(receiver);
    if (index >= 0) this.receivers.splice(index, 1);
  }

  /** The next message and who takes it, while there are both. */
  *deliveries(): Iterable<[StoredMessage, Receiver]> {
    for (;;) {
      const first = this.ready.minKey();
      const receiver = first === undefined ? undefined : this.nextReceiver();
      if (first === undefined || receiver === undefined) return;
      const message = this.ready.get(first) as StoredMessage;
      this.ready.delete(first);
      yield [message, receiver];
    }
  }

  /** Receivers take turns. */
  private nextReceiver(): Receiver | undefined {
    for (let tried = 0; tried < this.receivers.length; tried++) {
      this.turn = (this.turn + 1) % this.receivers.length;
      const receiver = this.receivers[this.turn];
      if (receiver !== undefined && receiver.room() > 0) return receiver;
    }
    return undefined;
  }
}
