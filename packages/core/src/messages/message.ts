import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ProgrammingError } from '../errors/programming-errors.js';
import { messageData } from './message-data.js';
import { parse } from './schema.js';

export type MessageKind = 'command' | 'query' | 'event';

/** For error messages: 'an event'. */
export function withArticle(kind: MessageKind): string {
  return `${kind === 'event' ? 'an' : 'a'} ${kind}`;
}

/** What the framework knows of a kind of message. It is found from an instance or a class by `definitionOf`. */
export interface MessageDefinition {
  readonly kind: MessageKind;
  /** The stable name on every wire and in every store, given by hand: `shop.PlaceOrder`. */
  readonly wireName: string;
  /** Version of the schema; 1 unless the message says otherwise. */
  readonly version: number;
  readonly schema: StandardSchemaV1 | undefined;
  /** Of a command or query: the schema of its result, where it has one. */
  readonly resultSchema: StandardSchemaV1 | undefined;
  /** Of an event: `upcasters[n]` lifts data of schema version n + 1 to n + 2; `null` drops the event. */
  readonly upcasters: readonly Upcaster[];
  /** Values that the start-up check writes to JSON and reads back. */
  readonly examples: readonly unknown[];
}

export type Upcaster = (data: never) => unknown | null;

// Registered globally, so that a message of a second copy of this package still finds its handler.
const definitionKey: unique symbol = Symbol.for('diptych.message') as never;
declare const brand: unique symbol;

/** The type-level mark that keeps two messages of one shape apart. It has no value at run time. */
interface Branded<Kind extends MessageKind, Name extends string, Result> {
  readonly [brand]: { readonly kind: Kind; readonly name: Name; readonly result: Result };
}

export type Command<Name extends string = string, Result = unknown> = Branded<'command', Name, Result>;
export type Query<Name extends string = string, Result = unknown> = Branded<'query', Name, Result>;
export type Event<Name extends string = string> = Branded<'event', Name, void>;
export type Message = Command | Query | Event;

/** What a handler of this command or query must give: the result that its message declares. */
export type ResultOf<M> = M extends { readonly [brand]: { readonly result: infer Result } } ? Result : never;
/** The declared data of a message, without what the framework adds. */
export type DataOf<M> = Omit<M, typeof brand>;

// A class may leave its argument out where an empty one would do.
export type MessageArguments<Input> = unknown extends Input
  ? [input?: Input]
  : object extends Input
    ? [input?: Input]
    : [input: Input];

/** A class of messages, as `command`, `query` and `event` make them and as programs extend them. */
export interface MessageType<M extends Message = Message> {
  // biome-ignore lint/suspicious/noExplicitAny: a constructor's parameters are checked where it is called
  new (...input: any): M;
  readonly wireName: string;
  readonly kind: MessageKind;
}

/**
 * Makes the class behind one wire name; `new` validates and takes over what the schema gives back.
 * @throws ProgrammingError `wire-name-invalid`.
 */
export function messageClass(definition: MessageDefinition): unknown {
  const { schema, wireName, kind } = definition;
  assertWireName(wireName);
  // Two shapes, so that a message without a schema pays nothing for one.
  const Base = schema === undefined ? class {} : validatingClass(schema, wireName);
  Object.defineProperty(Base.prototype, definitionKey, { value: definition });
  Object.defineProperties(Base, {
    [definitionKey]: { value: definition },
    wireName: { value: wireName, enumerable: true },
    kind: { value: kind, enumerable: true },
  });
  return Base;
}

function assertWireName(wireName: unknown): void {
  if (typeof wireName === 'string' && /^[\w.:/-]{1,200}$/.test(wireName)) return;
  throw new ProgrammingError(
    'wire-name-invalid',
    `'${wireName}' cannot be the wire name of a message: 1 to 200 of A-Z a-z 0-9 . _ - : /`,
  );
}

function validatingClass(schema: StandardSchemaV1, wireName: string) {
  return class {
    constructor(input: unknown) {
      if (input === trusted.value) Object.assign(this, trusted.take());
      else Object.assign(this, messageData(parse(schema, input ?? {}, wireName), wireName));
    }
  };
}

/** The definition behind a message or a class of messages; `undefined` for anything else. */
export function definitionOf(message: object): MessageDefinition | undefined {
  return (message as { [definitionKey]?: MessageDefinition })[definitionKey];
}

/**
 * An instance whose data was validated already: it is taken over as it is, not parsed a second time.
 * @throws ProgrammingError `message-constructor` when the class has a constructor of its own that does not hand
 *   its first argument on.
 */
export function revive<T extends MessageType>(type: T, data: object): InstanceType<T> {
  const { schema, wireName } = (type as { [definitionKey]?: MessageDefinition })[definitionKey] ?? {};
  if (schema === undefined) return new type() as InstanceType<T>;
  const safe = messageData(data, wireName ?? type.wireName);
  let message: InstanceType<T> | undefined;
  try {
    message = new type(trusted.give(safe)) as InstanceType<T>;
  } catch (error) {
    // The token reached something that cannot read it; otherwise the failure is the class's own.
    if (!trusted.given) throw error;
  }
  if (message !== undefined && !trusted.given) return message;
  trusted.take();
  throw new ProgrammingError(
    'message-constructor',
    `The class of '${wireName}' has a constructor that does not hand its first argument to super(), so messages cannot be read back. Use a static method instead.`,
  );
}

// The constructor is the user's (it may be a subclass), so validated data passes through it under a token that
// nobody outside this file can name.
const trusted = {
  value: Object.freeze({}),
  data: undefined as object | undefined,
  /** Whether what was given has not been taken. */
  get given() {
    return this.data !== undefined;
  },
  give(data: object) {
    this.data = data;
    return this.value;
  },
  take() {
    const data = this.data;
    this.data = undefined;
    return data;
  },
};
