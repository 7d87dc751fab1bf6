import { RefusedError } from '../errors/domain-errors.js';
import { type HandlerInstance, handlerInstances, preparesFirst } from '../handlers/handler-instance.js';
import type { Resolver } from '../handlers/resolver.js';
import type { Abortable } from './abortable.js';
import type { Behavior, HandlingContext } from './behavior.js';
import { throwIfAborted, untilAborted } from './until-aborted.js';

/** A context that keeps what was prepared, and which instance did it. */
interface PreparedContext extends HandlingContext {
  handler: HandlerInstance | undefined;
  prepared: unknown;
  readonly abortable: Abortable;
}

/** What a `prepare` step is to know of the unit of work, which begins behind it. */
export interface AroundPrepare<Context> {
  /** What came of a message that has run before; `undefined` for one that has not. */
  readonly recall: (context: Context) => Promise<{ readonly result: unknown } | undefined>;
  /** Hears of a refusal, and says what comes of the message. Default: the refusal is thrown. */
  readonly refuse?: (context: Context, refusal: RefusedError) => Promise<unknown>;
}

/**
 * Runs the handler's `prepare` step, where it has one, before the session is opened, and not again for a message
 * that has run. When nobody waits any more, it is not begun, and what does not end is left: copies of the message
 * must not wait for it.
 */
export function prepareBehavior<Context extends PreparedContext>(
  resolver: Resolver,
  around?: AroundPrepare<Context>,
): Behavior<Context> {
  return {
    name: 'prepare',
    wrap(next, registration) {
      const instances = handlerInstances(registration, resolver);
      if (!preparesFirst(registration, instances)) return next;
      return async (message, context) => {
        throwIfAborted(context.abortable);
        const known = await around?.recall(context);
        if (known !== undefined) return known.result;
        const handler = instances();
        context.handler = handler;
        const prepared = (async () => handler.prepare?.(message, context))();
        try {
          context.prepared = await untilAborted(prepared, context.abortable);
        } catch (error) {
          if (around?.refuse === undefined || !(error instanceof RefusedError)) throw error;
          return around.refuse(context, error);
        }
        return next(message, context);
      };
    },
  };
}
