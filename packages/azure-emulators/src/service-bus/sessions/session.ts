import { Lane } from '../queues/lane.js';
import type { Hold } from '../queues/message-locks.js';
import type { Receiver } from '../queues/stored-message.js';

/** A receiver of one session's messages. */
export interface SessionReceiver extends Receiver {
  /** Its lock on the session has expired, or was taken from it. */
  lost(session: Session): void;
}

export interface SessionLock {
  readonly receiver: SessionReceiver;
  readonly hold: Hold;
}

/** The messages of a queue that carry one session id, and the state that receivers keep with them. */
export class Session extends Lane {
  lock: SessionLock | undefined;
  state: Buffer | undefined;
  /** All of its messages, deferred ones too. */
  messageCount = 0;

  constructor(readonly id: string) {
    super();
  }

  get isForgettable(): boolean {
    return this.messageCount === 0 && this.lock === undefined && this.state === undefined;
  }
}
