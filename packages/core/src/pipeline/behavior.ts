import type { MessageHandlerRegistration } from '../handlers/registration.js';
import type { MessageMeta } from '../messages/envelope.js';
import type { MessageDefinition } from '../messages/message.js';

/** What travels with a message through its pipeline, and what its handler is given. */
export interface HandlingContext {
  readonly definition: MessageDefinition;
  readonly meta: MessageMeta;
  /** Aborted when the time for the message is over or the caller has gone. */
  readonly abortSignal: AbortSignal;
}

/** A pipeline from some point on: the rest of it, down to the handler. */
export type Step<Context extends HandlingContext = HandlingContext> = (
  message: object,
  context: Context,
) => Promise<unknown>;

/**
 * Something that happens around the handling of messages. Pipelines are put together once, at start: `wrap` is
 * asked for each handler, and may answer with `next` itself where it has nothing to do, which then costs nothing.
 * It passes on the context that it is given, which may know more than the behavior needs.
 */
export interface Behavior<Context extends HandlingContext = HandlingContext> {
  /** How `app.describe()` calls it. */
  readonly name: string;
  wrap<Own extends Context>(next: Step<Own>, handler: MessageHandlerRegistration): Step<Own>;
}
