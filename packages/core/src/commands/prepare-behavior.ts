import { type HandlerInstance, handlerInstances, preparesFirst } from '../handlers/handler-instance.js';
import type { Resolver } from '../handlers/resolver.js';
import type { Behavior, HandlingContext } from '../pipeline/behavior.js';

/** A context that keeps what was prepared, and which instance did it. */
interface PreparedContext extends HandlingContext {
  handler: HandlerInstance | undefined;
  prepared: unknown;
}

/** Runs the handler's `prepare` step, where it has one, before the session is opened. */
export function prepareBehavior(resolver: Resolver): Behavior<PreparedContext> {
  return {
    name: 'prepare',
    wrap(next, handler) {
      const instances = handlerInstances(handler, resolver);
      if (!preparesFirst(handler, instances)) return next;
      return async (message, context) => {
        context.handler = instances();
        context.prepared = await context.handler.prepare?.(message, context);
        return next(message, context);
      };
    },
  };
}
