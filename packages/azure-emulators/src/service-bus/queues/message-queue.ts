import type { MessageContent } from '../messages/message-content.js';
import { Session } from '../sessions/session.js';
import { Sessions } from '../sessions/sessions.js';
import type { Broker } from './broker.js';
import { Lane } from './lane.js';
import { Hold, type HoldTiming, MessageLocks } from './message-locks.js';
import { MessageTable } from './message-table.js';
import type { QueueBehavior } from './queue-behavior.js';
import type {
  MessageHold,
  MessageLane,
  MessageLock,
  MessageRecord,
  StoredMessage,
} from './stored-message.js';

/** What a message brings along from where it was. */
export type MessageOrigin = Partial<
  Pick<
    MessageRecord,
    'enqueuedSequenceNumber' | 'deadLetterSource' | 'deliveryCount' | 'scheduledFor' | 'hops'
  >
>;

/** Where messages go that do not leave by a receiver's wish. */
export interface QueueExits {
  /** One that cannot be delivered; it has left the queue. Where nothing takes dead letters they stay. */
  readonly deadLetter?: (message: StoredMessage, reason?: string, description?: string) => void;
  /** A scheduled one that is due. It has left the queue, and comes back as if it had been sent now. */
  due(content: MessageContent): void;
}

/** Properties that a receiver changes as it settles. */
export type PropertyChanges = Readonly<Record<string, unknown>>;

/** The messages of a queue, a subscription or a dead-letter queue, and how they come and go. */
export class MessageQueue {
  readonly table: MessageTable;
  readonly sessions: Sessions;
  readonly locks = new MessageLocks();
  readonly lane = new Lane();
  private readonly timing: HoldTiming;

  constructor(
    /** Its address, such as `orders/$DeadLetterQueue`. */
    readonly path: string,
    readonly behavior: QueueBehavior,
    private readonly broker: Broker,
    private readonly exits: QueueExits,
  ) {
    this.table = new MessageTable(broker.changes);
    this.timing = {
      deadlines: broker.deadlines,
      now: () => broker.clock.now(),
      durationInMs: () => behavior.lockDurationInMs,
    };
    this.sessions = new Sessions({
      timing: this.timing,
      taken: (session) => this.deliver(session),
      freed: (_session, hold, how) => this.endLocks(hold, how),
      stateChanged: () => broker.changes.changed(),
    });
  }

  enqueue(content: MessageContent, origin: MessageOrigin = {}): StoredMessage {
    const sequenceNumber = this.table.nextSequenceNumber();
    return this.add({
      sequenceNumber,
      enqueuedSequenceNumber: sequenceNumber,
      enqueuedAt: this.broker.clock.now(),
      scheduledFor: undefined,
      deadLetterSource: undefined,
      deliveryCount: 0,
      hops: 0,
      ...origin,
      state: origin.scheduledFor === undefined ? 'active' : 'scheduled',
      content,
    });
  }

  /** Takes in what is to be stored, or what storage had. */
  add(record: MessageRecord): StoredMessage {
    const message = this.stored(record);
    this.table.add(message);
    if (message.lane instanceof Session) message.lane.messageCount++;
    this.setDeadline(message);
    this.putBack(message);
    return message;
  }

  private stored(record: MessageRecord): StoredMessage {
    const { behavior, sessions } = this;
    const own = record.content.timeToLiveInMs ?? Number.POSITIVE_INFINITY;
    return {
      ...record,
      lane: behavior.requiresSession ? sessions.of(record.content.sessionId ?? '') : this.lane,
      expiresAt: record.enqueuedAt + behavior.timeToLiveInMs(own),
      lock: undefined,
      deadline: undefined,
    };
  }

  private setDeadline(message: StoredMessage): void {
    const { deadlines } = this.broker;
    if (message.state === 'scheduled') {
      message.deadline = deadlines.set(message.scheduledFor ?? 0, () => {
        this.remove(message);
        this.exits.due(message.content);
      });
    } else if (message.expiresAt < Number.POSITIVE_INFINITY) {
      message.deadline = deadlines.set(message.expiresAt, () => this.expire(message));
    }
  }

  /** Gives what is ready to whoever has room for it. */
  deliver(lane: MessageLane = this.lane): void {
    for (const [message, receiver] of lane.deliveries()) {
      if (!receiver.deletes) this.lock(message);
      receiver.deliver(message);
      if (receiver.deletes) this.remove(message);
    }
    if (lane instanceof Session) this.sessions.changed(lane);
  }

  lock(message: StoredMessage): MessageLock {
    const hold =
      message.lane instanceof Session && message.lane.lock !== undefined
        ? message.lane.lock.hold
        : new Hold(this.timing, (own) => this.endLocks(own, 'expired'));
    return this.locks.add(message, hold);
  }

  complete(lock: MessageLock): void {
    this.unlock(lock);
    this.remove(lock.message);
  }

  /** The message can be delivered again, unless it was often enough. A deferred one stays deferred. */
  abandon(lock: MessageLock, changes: PropertyChanges = {}): void {
    const { message } = lock;
    this.unlock(lock);
    this.change(message, changes, { deliveryCount: message.deliveryCount + 1 });
    const { maxDeliveryCount } = this.behavior;
    const description = `Message could not be consumed after ${maxDeliveryCount} delivery attempts.`;
    if (message.deliveryCount < maxDeliveryCount) this.putBack(message);
    else this.leaveDead(message, 'MaxDeliveryCountExceeded', description);
  }

  defer(lock: MessageLock, changes: PropertyChanges = {}): void {
    this.unlock(lock);
    this.change(lock.message, changes, { state: 'deferred' });
    this.putBack(lock.message);
  }

  /** `changes` may hold other properties than reason and description. */
  deadLetter(lock: MessageLock, reason?: string, description?: string, changes: PropertyChanges = {}): void {
    this.unlock(lock);
    this.change(lock.message, changes, {});
    this.leaveDead(lock.message, reason, description);
  }

  /** As if it had never been delivered. */
  release(lock: MessageLock): void {
    this.unlock(lock);
    this.putBack(lock.message);
  }

  /** Ends a lock before its time, as its expiry would; a session's lock where that is what holds the message. */
  loseLock(token: string): void {
    const lock = this.locks.find(token);
    if (lock === undefined) return;
    const { lane } = lock.message;
    if (lane instanceof Session) this.sessions.lose(lane);
    else this.endLocks(lock.hold, 'expired');
  }

  remove(message: StoredMessage): void {
    if (message.lock !== undefined) this.unlock(message.lock);
    this.broker.deadlines.cancel(message.deadline);
    message.lane.remove(message);
    this.table.remove(message);
    if (message.lane instanceof Session) {
      message.lane.messageCount--;
      this.sessions.changed(message.lane);
    }
  }

  clear(): void {
    for (const message of this.table.peek(0, Number.POSITIVE_INFINITY)) this.remove(message);
  }

  private change(message: StoredMessage, changes: PropertyChanges, to: Partial<MessageRecord>): void {
    const content =
      Object.keys(changes).length > 0 ? message.content.withApplicationProperties(changes) : message.content;
    this.table.change(message, { ...to, content });
  }

  private unlock(lock: MessageLock): void {
    this.locks.remove(lock);
    if (!(lock.message.lane instanceof Session)) lock.hold.drop();
  }

  private endLocks(hold: MessageHold, how: 'expired' | 'released'): void {
    for (const lock of hold.locks) how === 'expired' ? this.abandon(lock) : this.release(lock);
  }

  /** A message without a lock becomes what can be delivered, or goes if its time is over. */
  private putBack(message: StoredMessage): void {
    if (message.state !== 'scheduled' && message.expiresAt <= this.broker.clock.now()) {
      this.expire(message);
    } else if (message.state === 'active') {
      message.lane.put(message);
      this.deliver(message.lane);
    }
  }

  private expire(message: StoredMessage): void {
    // Whoever holds it may still settle it; putting it back looks again.
    if (message.lock !== undefined) return;
    if (!this.behavior.deadLettersExpired) this.remove(message);
    else this.leaveDead(message, 'TTLExpiredException', 'The message expired and was dead lettered.');
  }

  private leaveDead(message: StoredMessage, reason?: string, description?: string): void {
    if (this.exits.deadLetter === undefined) {
      this.putBack(message);
    } else {
      this.remove(message);
      this.exits.deadLetter(message, reason, description);
    }
  }
}
