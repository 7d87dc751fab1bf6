import { ProgrammingError } from '../errors/programming-errors.js';
import type { HandlerInstance } from '../handlers/handler-instance.js';
import type { Subject } from '../messages/subject.js';
import type { HandlingContext } from '../pipeline/behavior.js';
import { MessageContext } from '../pipeline/message-context.js';
import type { RecordedEventMeta } from '../projections/event-meta.js';
import type { Session } from '../unit-of-work/session.js';

/** What an event handler is given beside the event. `Native` is what `session.native()` gives, as for commands. */
export interface EventContext<Prepared = unknown, Native = unknown> extends HandlingContext {
  readonly meta: RecordedEventMeta;
  /** The one transaction that the handler works in: what it sends is sent once, however often the event comes. */
  readonly session: Session<Native>;
  /** Who caused the event. */
  readonly subject: Subject;
  readonly tenant: string;
  /** What the handler's `prepare` step gave. */
  readonly prepared: Prepared;
}

/** What a `prepare` step of an event handler is given: there is no session yet. */
export type PrepareEventContext = Omit<EventContext, 'session' | 'prepared'>;

/** The context of an event on its way through the pipeline of a handler. */
export class EventMessageContext extends MessageContext {
  prepared: unknown = undefined;
  /** The instance that prepared, so that the same one handles. */
  handler: HandlerInstance | undefined = undefined;
  #session: Session | undefined = undefined;

  get session(): Session {
    if (this.#session !== undefined) return this.#session;
    throw new ProgrammingError('no-session', `The unit of work of '${this.name}' is not open yet.`);
  }

  set session(session: Session) {
    this.#session = session;
  }
}
