import { type Clock, sleep } from '../clock/clock.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import type { Behavior } from './behavior.js';
import type { MessageContext } from './message-context.js';
import { type RetryPolicy, retryDelayInMs } from './retry-policy.js';

export interface RetryBehaviorOptions {
  readonly clock: Clock;
  /** For all handlers; the rules of a handler come before these. */
  readonly policy: RetryPolicy;
  /** A number from 0 up to 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Runs the rest of the pipeline again as the policy says, while somebody still waits for it. What came from a
 * subscription is tried again at once or not at all here: the subscription parks it, and has its own delays.
 */
export function retryBehavior({
  clock,
  policy,
  random = Math.random,
}: RetryBehaviorOptions): Behavior<MessageContext> {
  return {
    name: 'retry',
    wrap(next, handler) {
      const rules = { ...policy, ...policyOf(handler) };
      if (Object.keys(rules).length === 0) return next;
      const again = async (
        error: unknown,
        message: object,
        context: Parameters<typeof next>[1],
      ): Promise<unknown> => {
        let last = error;
        for (let attempts = 1; ; attempts++) {
          const delay = retryDelayInMs(rules, last, attempts, random);
          if (delay === undefined || (delay > 0 && context.queued)) throw last;
          if (delay > 0) await sleep(clock, delay, context.abortSignal);
          if (context.aborted) break;
          try {
            return await next(message, context);
          } catch (failure) {
            last = failure;
          }
        }
        throw last;
      };
      return (message, context) =>
        next(message, context).catch((error: unknown) => again(error, message, context));
    },
  };
}

function policyOf(handler: MessageHandlerRegistration): RetryPolicy | undefined {
  return (handler as { retry?: RetryPolicy }).retry;
}
