import { ProgrammingError } from '../errors/programming-errors.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import type { Behavior, HandlingContext, Step } from './behavior.js';

export interface Pipeline<Context extends HandlingContext> {
  readonly run: Step<Context>;
  /** The behaviors that have something to do for this handler, outermost first. */
  readonly behaviors: readonly string[];
}

/**
 * Puts behaviors around a handler, the first outermost. Done once per handler, at start.
 * @throws ProgrammingError `behavior-invalid`.
 */
export function compose<Context extends HandlingContext>(
  behaviors: readonly Behavior<Context>[],
  handler: MessageHandlerRegistration,
  innermost: Step<Context>,
): Pipeline<Context> {
  const names: string[] = [];
  let run = innermost;
  for (const behavior of behaviors.toReversed()) {
    if (typeof behavior?.wrap !== 'function') throw invalid(behavior, 'is no behavior: it has no `wrap`');
    const wrapped = behavior.wrap(run, handler);
    if (typeof wrapped !== 'function')
      throw invalid(behavior, 'gave no step from `wrap`: it gives next, or a function around it');
    if (wrapped !== run) names.unshift(behavior.name);
    run = wrapped;
  }
  return { run: names.length === 0 ? run : rejecting(run), behaviors: names };
}

function invalid(behavior: Behavior<never> | undefined, what: string): ProgrammingError {
  const name = behavior?.name ?? 'undefined';
  return new ProgrammingError('behavior-invalid', `The behavior '${name}' ${what}.`, { behavior: name });
}

// A behavior of the program's own may throw where it should reject; callers get a rejection all the same.
function rejecting<Context extends HandlingContext>(run: Step<Context>): Step<Context> {
  return (message, context) => {
    try {
      return run(message, context);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}
