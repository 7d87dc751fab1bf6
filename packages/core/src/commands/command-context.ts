import { ProgrammingError } from '../errors/programming-errors.js';
import type { HandlerInstance } from '../handlers/handler-instance.js';
import type { WrittenRange } from '../journal/consistency-token.js';
import type { Subject } from '../messages/subject.js';
import type { HandlingContext } from '../pipeline/behavior.js';
import { MessageContext } from '../pipeline/message-context.js';
import type { Session } from '../unit-of-work/session.js';
import type { ClaimRequest } from '../unit-of-work/unit-of-work-request.js';

/**
 * What a command handler is given beside the command. `Native` is what `session.native()` gives: the transaction type
 * of the store, which is the program's word and not checked.
 */
export interface CommandContext<Prepared = unknown, Native = unknown> extends HandlingContext {
  /** The one transaction that the handler works in. Repositories find the same one without being given it. */
  readonly session: Session<Native>;
  readonly subject: Subject;
  readonly tenant: string;
  /** What the handler's `prepare` step gave. */
  readonly prepared: Prepared;
}

/** What a `prepare` step is given: there is no session yet. */
export type PrepareContext = Omit<CommandContext, 'session' | 'prepared'>;

/** The context of a command on its way through the pipeline. */
export class CommandMessageContext extends MessageContext implements CommandContext {
  prepared: unknown = undefined;
  /** The instance that prepared, so that the same one handles. */
  handler: HandlerInstance | undefined = undefined;
  /** Under which key the command is remembered; set by idempotency. */
  claim: ClaimRequest | undefined = undefined;
  /** What was written, once it is. */
  written: Written | undefined = undefined;
  #session: Session | undefined = undefined;

  get session(): Session {
    if (this.#session !== undefined) return this.#session;
    throw new ProgrammingError(
      'no-session',
      `'${this.name}' is handled without a unit of work, or it is not open yet.`,
    );
  }

  set session(session: Session) {
    this.#session = session;
  }
}

export interface Written {
  readonly messageId: string;
  readonly ranges: readonly WrittenRange[];
}
