import type { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import { definitionOf, type MessageType } from '../messages/message.js';
import type { MessageHandlerRegistration } from './registration.js';

/**
 * What is wrong with a program's handlers of commands and queries, all of it: `handler-duplicate`,
 * `policy-missing`, `policy-invalid`, and `no-handler` for those of `messages` that nobody handles.
 */
export function auditHandlers(
  registrations: readonly MessageHandlerRegistration[],
  messages: Iterable<MessageType> = [],
): readonly DiptychError[] {
  const byName = new Map<string, MessageHandlerRegistration[]>();
  for (const registration of registrations) {
    const { wireName } = registration.message;
    byName.set(wireName, [...(byName.get(wireName) ?? []), registration]);
  }
  return [
    ...duplicates(byName),
    ...withoutPolicy(registrations),
    ...notPolicies(registrations),
    ...unhandled(byName, messages),
  ];
}

function duplicates(
  byName: ReadonlyMap<string, readonly MessageHandlerRegistration[]>,
): readonly DiptychError[] {
  return [...byName]
    .filter(([, handlers]) => handlers.length > 1)
    .map(([wireName, handlers]) => {
      const names = handlers.map(({ name }) => name);
      return new ProgrammingError(
        'handler-duplicate',
        `'${wireName}' has ${names.length} handlers: ${names.join(', ')}.`,
        {
          wireName,
          handlers: names,
        },
      );
    });
}

function withoutPolicy(registrations: readonly MessageHandlerRegistration[]): readonly DiptychError[] {
  return registrations
    .filter(({ authorize }) => authorize === undefined)
    .map(
      ({ name, message: { wireName } }) =>
        new ProgrammingError(
          'policy-missing',
          `${name} does not say who may ask for '${wireName}'. Give it \`authorize\`: anyone, authenticated, internal, hasRole(…) or a policy of your own.`,
          { wireName, handler: name },
        ),
    );
}

function notPolicies(registrations: readonly MessageHandlerRegistration[]): readonly DiptychError[] {
  return registrations
    .filter(({ authorize }) => authorize !== undefined && typeof authorize?.allows !== 'function')
    .map(
      ({ name, message: { wireName } }) =>
        new ProgrammingError(
          'policy-invalid',
          `What ${name} gives as \`authorize\` is no policy. Make one of a function with policy('name', …).`,
          { wireName, handler: name },
        ),
    );
}

function unhandled(
  byName: ReadonlyMap<string, unknown>,
  messages: Iterable<MessageType>,
): readonly DiptychError[] {
  return [...messages]
    .filter((type) => definitionOf(type)?.kind !== 'event' && !byName.has(type.wireName))
    .map(
      ({ wireName, kind }) =>
        new ProgrammingError('no-handler', `No handler for the ${kind} '${wireName}'.`, { wireName }),
    );
}
