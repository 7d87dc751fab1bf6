import { ProgrammingError } from '../errors/programming-errors.js';
import { definitionOf, type MessageDefinition, type MessageType } from './message.js';

/** The messages of a program by wire name. Names, never classes, decide what a message is. */
export class MessageRegistry {
  readonly #types = new Map<string, MessageType>();

  /**
   * Makes a message known; the same class again changes nothing.
   * @throws ProgrammingError `wire-name-taken` when another message has the name already.
   */
  add(type: MessageType): void {
    const known = this.#types.get(type.wireName);
    if (known !== undefined && !isSame(definitionOf(known), definitionOf(type))) {
      throw new ProgrammingError(
        'wire-name-taken',
        `The wire name '${type.wireName}' is used for two messages.`,
        {
          wireName: type.wireName,
        },
      );
    }
    if (known === undefined) this.#types.set(type.wireName, type);
  }

  find(wireName: string): MessageType | undefined {
    return this.#types.get(wireName);
  }

  *[Symbol.iterator](): Iterator<MessageType> {
    yield* this.#types.values();
  }
}

// One class and those that extend it share a definition. A second copy of a module makes another of the same schema.
function isSame(one: MessageDefinition | undefined, other: MessageDefinition | undefined): boolean {
  if (one === other) return true;
  const isSchemaShared = one?.schema !== undefined && one.schema === other?.schema;
  return isSchemaShared && one.kind === other?.kind && one.version === other.version;
}

/** @throws ProgrammingError `not-a-message` when the value was not made by `command`, `query` or `event`. */
export function requireDefinition(message: object): MessageDefinition {
  if (message === undefined || message === null) {
    throw new ProgrammingError(
      'not-a-message',
      `A message or its class is ${message}. Do two files import each other?`,
    );
  }
  const definition = definitionOf(message);
  if (definition !== undefined) return definition;
  throw new ProgrammingError(
    'not-a-message',
    `'${nameOf(message)}' is not a message; make its class with command(), query() or event().`,
  );
}

function nameOf(message: object): string {
  return typeof message === 'function' ? message.name : (message.constructor?.name ?? typeof message);
}
