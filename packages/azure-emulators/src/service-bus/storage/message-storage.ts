import type { MessageRecord } from '../queues/stored-message.js';

/** Where a broker writes down what it holds. Each call has taken effect when it returns. */
export interface MessageStorage {
  /** A new message of a queue, or one of which something changed. */
  saved(queue: string, message: MessageRecord): void;
  removed(queue: string, sequenceNumber: number): void;
  /** The state of a session; nothing when it has none. */
  sessionState(queue: string, sessionId: string, state: Buffer | undefined): void;
}

/** Remembers nothing. */
export const noStorage: MessageStorage = {
  saved: () => {},
  removed: () => {},
  sessionState: () => {},
};
