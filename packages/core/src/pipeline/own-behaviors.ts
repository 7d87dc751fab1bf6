import { ProgrammingError } from '../errors/programming-errors.js';
import type { Behavior, Step } from './behavior.js';
import { MessageContext } from './message-context.js';

/**
 * The program's own behaviors, held to passing on the context that they are given: a copy of it has lost what is
 * found out only when somebody asks.
 */
export function ownBehaviors<Context extends MessageContext>(
  behaviors: readonly Behavior<Context>[],
): readonly Behavior<Context>[] {
  // What is no behavior is refused where pipelines are put together.
  return behaviors.map((behavior) => (typeof behavior?.wrap === 'function' ? checked(behavior) : behavior));
}

function checked<Context extends MessageContext>(behavior: Behavior<Context>): Behavior<Context> {
  return {
    name: behavior.name,
    wrap(next, handler) {
      const inner = expecting(next, behavior.name);
      const wrapped = behavior.wrap(inner, handler);
      return wrapped === inner ? next : wrapped;
    },
  };
}

function expecting<Context extends MessageContext>(next: Step<Context>, behavior: string): Step<Context> {
  return (message, context) => {
    if (context instanceof MessageContext) return next(message, context);
    return Promise.reject(
      new ProgrammingError(
        'behavior-context',
        `The behavior '${behavior}' passed on another context than it was given. Call next(message, context) with that very object.`,
        { behavior },
      ),
    );
  };
}
