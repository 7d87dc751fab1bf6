import { ProgrammingError } from '../errors/programming-errors.js';
import { type HandlerInstance, handlerInstances } from '../handlers/handler-instance.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import type { Resolver } from '../handlers/resolver.js';
import type { HandlingContext, Step } from './behavior.js';

/** A context may name the instance to use: the one that prepared. */
type MayNameHandler = HandlingContext & { readonly handler?: HandlerInstance | undefined };

/** The innermost step: calls the handler, and gives a promise whatever it does. */
export function handlerStep<Context extends MayNameHandler>(
  registration: MessageHandlerRegistration,
  resolver: Resolver,
): Step<Context> {
  const instances = handlerInstances(registration, resolver);
  const { source } = registration;
  if (source.kind === 'class' && source.lifetime === 'request') {
    return (message, context) => {
      try {
        return called(context.handler ?? unprepared(instances()), message, context);
      } catch (error) {
        return Promise.reject(error);
      }
    };
  }
  const instance = instances();
  return (message, context) => called(instance, message, context);
}

// Whether a class that is made for each message prepares is read from its methods.
function unprepared(instance: HandlerInstance): HandlerInstance {
  if (instance.prepare === undefined) return instance;
  throw new ProgrammingError(
    'prepare-not-a-method',
    `${instance.constructor.name} is made for each message, so its \`prepare\` must be a method, not a property.`,
  );
}

function called(instance: HandlerInstance, message: object, context: object): Promise<unknown> {
  try {
    const result = instance.handle(message, context);
    return result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    return Promise.reject(error);
  }
}
