import type { MessageType } from '../messages/message.js';
import type { Injectable } from './injection.js';
import type { Policy } from './policy.js';

/** `singleton`: one instance for the program. `request`: a new one for each message. */
export type Lifetime = 'singleton' | 'request';

/** Where the handling code comes from: a class that is resolved, or a function that is called. */
export type HandlerSource =
  | {
      readonly kind: 'class';
      readonly type: abstract new (...dependencies: never[]) => object;
      readonly lifetime: Lifetime;
    }
  | {
      readonly kind: 'function';
      readonly handle: (...input: never[]) => unknown;
      readonly prepare?: (...input: never[]) => unknown;
    };

/** The facts that every registration has, whether made by a decorator or by the function beside it. */
export interface RegistrationBase {
  /** Who it is, for people: the class's or message's name. */
  readonly name: string;
  readonly source: HandlerSource;
  /** What is injected; `undefined` for a class that carries the container's own decorators. */
  readonly inject: readonly Injectable[] | undefined;
}

/** A registration of a handler of one message. */
export interface MessageHandlerRegistration extends RegistrationBase {
  readonly message: MessageType;
  readonly authorize: Policy<never> | undefined;
}

const registrationKey: unique symbol = Symbol.for('diptych.registration') as never;

/** Decorators leave the registration on the class, where `createApp` finds it. */
export function attachRegistration(type: object, registration: object): void {
  Object.defineProperty(type, registrationKey, { value: registration, configurable: true });
}

/** The registration that a decorator left on this class itself, not on one that it extends. */
export function registrationOf(type: object): object | undefined {
  return Object.hasOwn(type, registrationKey) ? (type as Record<symbol, object>)[registrationKey] : undefined;
}
