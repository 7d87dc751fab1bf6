import type { Injectable, Injected } from '../handlers/injection.js';
import { attachRegistration } from '../handlers/registration.js';
import type { Event, MessageType } from '../messages/message.js';
import { requireDefinition } from '../messages/message-registry.js';
import {
  type FieldOf,
  type FieldsIn,
  type InjectOptions,
  type ProjectionIndexes,
  type ProjectionOptions,
  projectionRegistration,
} from './projection-options.js';
import type { DocumentIdsOf, Fold, FoldRegistration } from './projection-registration.js';

declare const folded: unique symbol;
declare const fields: unique symbol;

/** The type-level mark of a class that folds events into such documents. It has no value at run time. */
export interface FoldsInto<Document> {
  readonly [folded]: Document;
  readonly [fields]: (field: FieldOf<Document>) => void;
}

class ProjectionBase {}

/** What a projection's class extends; it says what its documents look like. */
export function projection<Document extends object>(): abstract new () => FoldsInto<Document> {
  return ProjectionBase as unknown as abstract new () => FoldsInto<Document>;
}

type Dependencies<Inject extends readonly Injectable[]> = readonly Injectable[] extends Inject
  ? // biome-ignore lint/suspicious/noExplicitAny: without a list, the container knows what the constructor needs
    any
  : Injected<Inject>;

/** Registers a class as a projection. Its `@On` methods are the folds. */
export function Projection<
  const Indexes extends ProjectionIndexes = Readonly<Record<never, never>>,
  const Inject extends readonly Injectable[] = readonly Injectable[],
>(options: ProjectionOptions<Indexes> & InjectOptions<Inject>) {
  return (
    type: abstract new (
      ...dependencies: Dependencies<Inject>
    ) => { readonly [fields]: (field: FieldsIn<Indexes>) => void },
  ): void => {
    const registration = projectionRegistration(options, {
      source: {
        kind: 'class',
        type: type as abstract new (...dependencies: never[]) => object,
        lifetime: 'singleton',
      },
      inject: options.inject,
      folds: foldsOf(type.prototype as object),
    });
    attachRegistration(type, registration);
  };
}

/** A decorator of a fold, for both kinds of decorators. */
export interface FoldDecorator<E> {
  <Document, Method extends Fold<E, Document>>(
    target: FoldsInto<Document>,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void;
  <Document, Method extends Fold<E, Document>>(
    method: Method,
    context: ClassMethodDecoratorContext<FoldsInto<Document>, Method>,
  ): void;
}

const foldsKey: unique symbol = Symbol.for('diptych.folds') as never;
type Marked = { [foldsKey]?: readonly Omit<FoldRegistration, 'bind'>[] };

/**
 * The method folds events of this type into the documents that `idsOf` names. A method may carry several.
 */
export function On<E extends Event>(event: MessageType<E>, idsOf: DocumentIdsOf<E>): FoldDecorator<E> {
  requireDefinition(event);
  return ((...input: readonly [unknown, unknown, PropertyDescriptor?]) => {
    // The mark sits on the function itself: it is found there whichever kind of decorators compiled the class.
    const method = (input[2]?.value ?? input[0]) as Marked;
    const mark = { event: event as MessageType<Event>, idsOf: idsOf as DocumentIdsOf<never> };
    method[foldsKey] = [mark, ...(method[foldsKey] ?? [])];
  }) as FoldDecorator<E>;
}

function foldsOf(prototype: object): readonly FoldRegistration[] {
  const methods = new Map<string | symbol, Marked>();
  for (let at = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) {
      const value: unknown = Object.getOwnPropertyDescriptor(at, key)?.value;
      if (typeof value === 'function' && !methods.has(key)) methods.set(key, value as Marked);
    }
  }
  return [...methods].flatMap(([key, method]) =>
    (method[foldsKey] ?? []).map((mark) => ({ ...mark, bind: (instance) => bindMethod(instance, key) })),
  );
}

function bindMethod(instance: object | undefined, key: string | symbol): Fold<never, unknown> {
  const methods = instance as Record<string | symbol, Fold<never, unknown>>;
  return (event, document, meta) => methods[key]!(event, document, meta);
}
