import type { Command, ResultOf } from '../messages/message.js';
import type { MessageOptions } from '../messages/message-options.js';
import type { Receipt } from './receipt.js';

export interface DispatchOptions extends MessageOptions {
  /** An id that the sender repeats when it tries again: the command then runs once. */
  readonly id?: string | undefined;
  /** The caller's own key for the same purpose, scoped by subject, tenant and command. */
  readonly idempotencyKey?: string | undefined;
}

export interface SendCommandOptions extends MessageOptions {
  /** An id that the sender repeats when it tries again: the command then runs once. */
  readonly id?: string | undefined;
  /** Commands of one key run one after the other, in the order sent. Default: the message id, so no order. */
  readonly key?: string | undefined;
}

export interface CommandBus {
  /**
   * Runs a command and resolves after its commit.
   * @throws what the handler throws; `no-handler`; `forbidden`; `time-limit`; `execute-in-handler` inside another
   *   handler's session: `send` it there; `command-in-progress` and `idempotency-mismatch` for repeated ids; `invalid-name` for an
   *   id or key that is empty or longer than 512 characters.
   */
  dispatch<C extends Command>(command: C, options?: DispatchOptions): Promise<Receipt<ResultOf<C>>>;
  /** As `dispatch`, with the bare result. */
  execute<C extends Command>(command: C, options?: DispatchOptions): Promise<ResultOf<C>>;
  /**
   * Journals the command; it runs later, once. Resolves when it is durable.
   * @throws `no-handler`; `forbidden`; `execute-in-handler` inside a handler's session, whose own `send` commits
   *   together with what the handler does.
   */
  send(command: Command, options?: SendCommandOptions): Promise<{ readonly messageId: string }>;
}
