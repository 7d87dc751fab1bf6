import type { Behavior } from '../pipeline/behavior.js';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.js';
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
  { waitInMs, rememberForMs }: EventClaimOptions,
): Behavior<EventMessageContext> {
  return {
    name: 'unit of work',
    wrap(next) {
      return async (message, context) => {
        const { meta, abortSignal, tenant, id } = context;
        const key = { tenant, handler: subscription, scope: '', id, fingerprint: '' };
        const claim = { key, waitInMs, rememberForMs, remember: false, encodeResult: () => undefined };
        context.committing = true;
        try {
          await unitOfWork.run({ meta, claim, abortSignal }, (session) => {
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
