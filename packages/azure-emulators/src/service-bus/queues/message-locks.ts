import { randomUUID } from 'node:crypto';
import type { Deadline, Deadlines } from '../../clock/deadlines.js';
import { messageLockLost } from '../errors/service-bus-error.js';
import type { MessageHold, MessageLock, StoredMessage } from './stored-message.js';

export interface HoldTiming {
  readonly deadlines: Deadlines;
  now(): number;
  durationInMs(): number;
}

/** What keeps messages locked: one message's own hold, or that of its session on all of them. */
export class Hold implements MessageHold {
  readonly locks = new Set<MessageLock>();
  until = 0;
  private deadline: Deadline | undefined;

  /** `expired` is told when it ends by itself. */
  constructor(
    private readonly timing: HoldTiming,
    private readonly expired: (hold: MessageHold) => void,
  ) {
    this.renew();
  }

  renew(): void {
    this.drop();
    this.until = this.timing.now() + this.timing.durationInMs();
    this.deadline = this.timing.deadlines.set(this.until, () => this.expired(this));
  }

  drop(): void {
    this.timing.deadlines.cancel(this.deadline);
  }
}

/** The locks on a queue's messages, by their tokens. */
export class MessageLocks {
  private readonly byToken = new Map<string, MessageLock>();

  add(message: StoredMessage, hold: MessageHold): MessageLock {
    const lock = { token: randomUUID(), message, hold };
    this.byToken.set(lock.token, lock);
    hold.locks.add(lock);
    message.lock = lock;
    return lock;
  }

  find(token: string): MessageLock | undefined {
    return this.byToken.get(token);
  }

  /** Throws `message-lock-lost` for a lock that is no more. */
  get(token: string): MessageLock {
    const lock = this.find(token);
    if (lock === undefined) throw messageLockLost();
    return lock;
  }

  remove(lock: MessageLock): void {
    this.byToken.delete(lock.token);
    lock.hold.locks.delete(lock);
    lock.message.lock = undefined;
  }
}
