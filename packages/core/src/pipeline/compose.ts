import type { MessageHandlerRegistration } from '../handlers/registration.js';
import type { Behavior, HandlingContext, Step } from './behavior.js';

export interface Pipeline<Context extends HandlingContext> {
  readonly run: Step<Context>;
  /** The behaviors that have something to do for this handler, outermost first. */
  readonly behaviors: readonly string[];
}

/** Puts behaviors around a handler, the first outermost. Done once per handler, at start. */
export function compose<Context extends HandlingContext>(
  behaviors: readonly Behavior<Context>[],
  handler: MessageHandlerRegistration,
  innermost: Step<Context>,
): Pipeline<Context> {
  const names: string[] = [];
  let run = innermost;
  for (const behavior of behaviors.toReversed()) {
    const wrapped = behavior.wrap(run, handler);
    if (wrapped !== run) names.unshift(behavior.name);
    run = wrapped;
  }
  return { run: names.length === 0 ? run : rejecting(run), behaviors: names };
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
