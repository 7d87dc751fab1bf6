import type { Behavior } from '../pipeline/behavior.js';
import type { AroundPrepare } from '../pipeline/prepare-behavior.js';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import type { UnitOfWorkRequest } from '../unit-of-work/unit-of-work-request.js';
import type { EventMessageContext } from './event-context.js';

export interface EventClaimOptions {
  /** How long an event waits for a copy of itself that is being handled, in milliseconds. */
  readonly waitInMs: number;
  /** How long it is remembered that an event was handled, in milliseconds. */
  readonly rememberForMs: number;
}

/**
 * Runs an event handler in one transaction with its inbox mark, under (subscription, message id): handled before,
 * it is not handled again, and what it sends is sent once.
 */
export function eventUnitOfWorkBehavior(
  unitOfWork: UnitOfWork,
  subscription: string,
  options: EventClaimOptions,
): Behavior<EventMessageContext> {
  return {
    name: 'unit of work',
    wrap(next) {
      return async (message, context) => {
        context.committing = true;
        try {
          await unitOfWork.run(requestOf(context, subscription, options), (session) => {
            context.session = session;
            return next(message, context);
          });
        } finally {
          context.committing = false;
        }
        return undefined;
      };
    },
  };
}

/** Lets `prepare` steps alone that come before a unit of work which has been done. */
export function aroundEventPrepare(
  unitOfWork: UnitOfWork,
  subscription: string,
  options: EventClaimOptions,
): AroundPrepare<EventMessageContext> {
  return {
    async recall(context) {
      const known = await unitOfWork.settled(requestOf(context, subscription, options));
      return known && { result: undefined };
    },
  };
}

function requestOf(
  { meta, abortSignal, tenant, id }: EventMessageContext,
  subscription: string,
  { waitInMs, rememberForMs }: EventClaimOptions,
): UnitOfWorkRequest {
  const key = { tenant, handler: subscription, scope: '', id, fingerprint: '' };
  const claim = { key, waitInMs, rememberForMs, remember: false, encodeResult: () => undefined };
  return { meta, claim, abortSignal };
}
