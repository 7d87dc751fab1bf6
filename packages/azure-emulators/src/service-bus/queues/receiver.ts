import type { StoredMessage } from './stored-message.js';

/** Who takes messages: a link of a client. */
export interface Receiver {
  /** True where a message is gone as soon as it is delivered: receive-and-delete. */
  readonly deletes: boolean;
  /** How many messages it can take now. */
  room(): number;
  deliver(message: StoredMessage): void;
}
