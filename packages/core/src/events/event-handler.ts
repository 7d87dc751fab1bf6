import { ProgrammingError } from '../errors/programming-errors.js';
import type { Injectable, Injected } from '../handlers/injection.js';
import type { InjectableClass, Matches } from '../handlers/matching.js';
import {
  attachRegistration,
  type Lifetime,
  type MessageHandlerRegistration,
} from '../handlers/registration.js';
import type { Event, MessageType } from '../messages/message.js';
import { requireDefinition } from '../messages/message-registry.js';
import type { RetryPolicy } from '../pipeline/retry-policy.js';
import type { RecordedEventMeta } from '../projections/event-meta.js';
import type { EventContext, PrepareEventContext } from './event-context.js';

/** What an event is handled in the order of, and parks under. */
export type EventKey<E> = (event: E, meta: RecordedEventMeta) => string;

export interface EventHandlerOptions<E extends Event, List> {
  /**
   * The subscription is `events/<name>`. It must not change once it has run: another name is another subscription.
   * Handlers of several events may share a name; they then share checkpoints and order. Letters, digits, `.`, `_`, `-`.
   */
  readonly name: string;
  /** What the constructor is given, in its order; a function handler gets it behind event and context. */
  readonly inject?: List | undefined;
  /** Events of one key are handled one after the other; one that fails holds up its key alone. Default: the stream. */
  readonly key?: EventKey<E> | undefined;
  /** Where a name that has never run begins; `first` if one of the handlers that share it says so. Default `first`. */
  readonly startAt?: 'first' | 'newest' | undefined;
  /** Default `singleton`. */
  readonly lifetime?: Lifetime | undefined;
  /** How long it may take, in milliseconds. Default: the app's limit. */
  readonly timeoutInMs?: number | undefined;
  /**
   * What is tried again before the message parks, beside what the app's policy says. A rule here takes the place of
   * the app's rule of that name; the rule `{}` means never.
   */
  readonly retry?: RetryPolicy | undefined;
}

/** A handler class of an event. */
export interface HandlesEvent<E extends Event> {
  // A property, not a method: methods would also fit with narrower parameters.
  // biome-ignore lint/suspicious/noExplicitAny: what `prepare` gave, and which store it is, the handler knows itself
  handle: (event: E, context: EventContext<any, any>) => void | Promise<void>;
  /** Done before the unit of work is opened: calls to other systems. What it gives is `context.prepared`. */
  prepare?: (event: E, context: PrepareEventContext) => unknown;
}

export interface EventHandlerRegistration extends MessageHandlerRegistration {
  readonly kind: 'event-handler';
  /** `events/<name>`. */
  readonly subscription: string;
  readonly key: EventKey<never> | undefined;
  readonly startAt: 'first' | 'newest';
  readonly timeoutInMs: number | undefined;
  readonly retry: RetryPolicy | undefined;
}

/** Makes a class a handler of an event. Works as a legacy and as a standard decorator. */
export function EventHandler<
  E extends Event,
  const List extends readonly Injectable[] | undefined = undefined,
>(type: MessageType<E>, options: EventHandlerOptions<NoInfer<E>, List>) {
  return <Type extends InjectableClass & (new (...dependencies: never) => HandlesEvent<E>)>(
    target: Type & Matches<Type, List>,
    _context?: unknown,
  ): void => {
    const source = { kind: 'class', type: target, lifetime: options.lifetime ?? 'singleton' } as const;
    attachRegistration(target, registrationFor(type, options, source));
  };
}

/** Dependencies of a function handler, behind event and context. */
type Dependencies<List> = List extends readonly Injectable[] ? Injected<List> : [];

export interface FunctionEventHandlerOptions<E extends Event, List, Prepared>
  extends Omit<EventHandlerOptions<E, List>, 'lifetime'> {
  /** Done before the unit of work is opened: calls to other systems. What it gives is `context.prepared`. */
  readonly prepare?:
    | ((event: E, context: PrepareEventContext, ...dependencies: Dependencies<List>) => Prepared)
    | undefined;
}

/** As the decorator `EventHandler`, for a function. */
export function eventHandler<
  E extends Event,
  const List extends readonly Injectable[] | undefined = undefined,
  Prepared = unknown,
  Native = unknown,
>(
  type: MessageType<E>,
  options: FunctionEventHandlerOptions<NoInfer<E>, List, Prepared>,
  handle: (
    event: NoInfer<E>,
    context: EventContext<Awaited<Prepared>, Native>,
    ...dependencies: Dependencies<List>
  ) => void | Promise<void>,
): EventHandlerRegistration {
  type AnyCall = (...input: never[]) => unknown;
  const { prepare } = options as { readonly prepare?: AnyCall };
  const source = { kind: 'function', handle: handle as AnyCall, ...(prepare && { prepare }) } as const;
  return registrationFor(type, options as EventHandlerOptions<never, undefined>, source);
}

/** The id of the subscription that runs the event handlers of that name. */
export function eventHandlerSubscription(name: string): string {
  return `events/${name}`;
}

function registrationFor(
  message: MessageType,
  options: EventHandlerOptions<never, readonly Injectable[] | undefined>,
  source: MessageHandlerRegistration['source'],
): EventHandlerRegistration {
  requireDefinition(message);
  const { name, inject, key, startAt = 'first', timeoutInMs, retry } = options;
  if (typeof name !== 'string' || !/^[\w.-]{1,100}$/.test(name)) {
    throw new ProgrammingError(
      'handler-name',
      `'${name}' cannot name an event handler: 1 to 100 of A-Z a-z 0-9 . _ -`,
    );
  }
  const subscription = eventHandlerSubscription(name);
  // Events are handled because they happened; nobody is asked whether they may.
  const authorize = undefined;
  return {
    kind: 'event-handler',
    name,
    subscription,
    message,
    source,
    inject,
    authorize,
    key,
    startAt,
    timeoutInMs,
    retry,
  };
}
