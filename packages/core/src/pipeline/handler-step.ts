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
    return (message, context) => called(context.handler ?? instances(), message, context);
  }
  const instance = instances();
  return (message, context) => called(instance, message, context);
}

function called(instance: HandlerInstance, message: object, context: object): Promise<unknown> {
  try {
    const result = instance.handle(message, context);
    return result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    return Promise.reject(error);
  }
}
