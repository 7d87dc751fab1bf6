import type { Injectable } from './injection.js';
import type { InjectableClass, Matches } from './matching.js';
import type { Lifetime } from './registration.js';

export interface ServiceOptions<List extends readonly Injectable[]> {
  /** What the constructor is given, in its order. */
  readonly inject?: List | undefined;
  /** Default `singleton`. `request`: one for each message, shared by all that the handler of that message needs. */
  readonly lifetime?: Lifetime | undefined;
}

export interface ServiceDefinition {
  readonly inject: readonly Injectable[];
  readonly lifetime: Lifetime;
}

const serviceKey: unique symbol = Symbol.for('diptych.service') as never;

/**
 * Says what the constructor of a class that handlers are given needs itself. A class without parameters needs
 * no such word, nor does one that carries inversify's own decorators.
 */
export function Service<const List extends readonly Injectable[] = readonly []>(
  options: ServiceOptions<List> = {},
) {
  return <Type extends InjectableClass>(type: Type & Matches<Type, List>, _context?: unknown): void => {
    define(type, options);
  };
}

/** As the decorator `Service`, for a class that is passed as a value. */
export function service<Type extends InjectableClass, const List extends readonly Injectable[] = readonly []>(
  type: Type & Matches<Type, List>,
  options: ServiceOptions<List> = {},
): Type {
  define(type, options);
  return type;
}

/** What `Service` said of this class. */
export function serviceOf(type: object | undefined): ServiceDefinition | undefined {
  // A class that is imported in a circle is not there yet; the resolver says so.
  return type !== undefined && Object.hasOwn(type, serviceKey)
    ? (type as { [serviceKey]: ServiceDefinition })[serviceKey]
    : undefined;
}

function define(
  type: object,
  { inject = [], lifetime = 'singleton' }: ServiceOptions<readonly Injectable[]>,
) {
  const value: ServiceDefinition = { inject, lifetime };
  Object.defineProperty(type, serviceKey, { value, configurable: true });
}
