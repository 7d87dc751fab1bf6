import { ForbiddenError } from '../errors/domain-errors.js';
import { anyone, internal, type Policy } from '../handlers/policy.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import type { Behavior, Step } from './behavior.js';
import type { MessageContext } from './message-context.js';

/** Asks the handler's policy. A handler without one is refused to everybody. */
export function authorizationBehavior(): Behavior<MessageContext> {
  return {
    name: 'authorization',
    wrap(next, { authorize }) {
      if (authorize === undefined) return refuseAll;
      // Both allow whatever gets here; that `internal` is not shown outside is the edges' business.
      if (authorize === anyone || authorize === internal) return next;
      return asking(authorize as Policy, next);
    },
  };
}

/**
 * Asks a handler's policy now, for a message that is to be handled later.
 * @throws ForbiddenError; what the policy throws.
 */
export function authorize(
  { authorize: policy }: Pick<MessageHandlerRegistration, 'authorize'>,
  message: object,
  context: MessageContext,
): Promise<unknown> {
  if (policy === undefined) return refuseAll(message, context);
  return asking(policy as Policy, async () => undefined)(message, context);
}

function asking<Context extends MessageContext>(policy: Policy, next: Step<Context>): Step<Context> {
  return (message, context) => {
    let answer: boolean | Promise<boolean>;
    try {
      answer = policy.allows(message, context);
    } catch (error) {
      return Promise.reject(error);
    }
    if (answer === true) return next(message, context);
    if (answer === false) return Promise.reject(forbidden(policy, context));
    return answer.then((allowed) => {
      if (allowed) return next(message, context);
      throw forbidden(policy, context);
    });
  };
}

const refuseAll: Step<MessageContext> = (_message, { name }) =>
  Promise.reject(
    new ForbiddenError(`Nobody may ask for '${name}': its handler has no policy.`, { wireName: name }),
  );

function forbidden(policy: Policy, { name, subject }: MessageContext): ForbiddenError {
  const whom = subject.id === '' ? 'somebody who has not said who it is' : `'${subject.id}'`;
  return new ForbiddenError(`The policy '${policy.name}' does not allow '${name}' to ${whom}.`, {
    wireName: name,
    policy: policy.name,
  });
}
