import {
  type AnyRegistration,
  type HandlerSourceOrRegistration,
  type MessageType,
  registrationOf,
} from '@diptych/core';

/** What decorators or functions say of a handler; `undefined` for what is none, which `createApp` refuses. */
export function registrationIn(handler: HandlerSourceOrRegistration): AnyRegistration | undefined {
  return typeof handler === 'function' ? (registrationOf(handler) as AnyRegistration | undefined) : handler;
}

/** Every message that handlers and projections name. */
export function messagesNamedBy(handlers: readonly HandlerSourceOrRegistration[]): readonly MessageType[] {
  return handlers.flatMap((handler): readonly MessageType[] => {
    const registration = registrationIn(handler);
    if (registration === undefined) return [];
    return registration.kind === 'projection'
      ? registration.folds.map(({ event }) => event)
      : [registration.message];
  });
}
