import type { Injectable, Injected } from './injection.js';
import type { Lifetime } from './registration.js';

/** What stands behind a token, or in the place of a class. */
export interface Binding {
  readonly target: Injectable;
  readonly inject: readonly Injectable[];
  readonly lifetime: Lifetime;
  readonly create: (...dependencies: never[]) => unknown;
}

/** Gives a value to a token, or an instance in the place of a class. */
export function bind<T>(target: Injectable<T>, value: NoInfer<T>): Binding {
  return { target, inject: [], lifetime: 'singleton', create: () => value };
}

export interface BindFactoryOptions<List extends readonly Injectable[]> {
  /** What `create` is given, in its order. */
  readonly inject?: List | undefined;
  /** Default `singleton`. */
  readonly lifetime?: Lifetime | undefined;
}

/** As `bind`, for a value that is made when it is first needed, or for each message. */
export function bindFactory<T, const List extends readonly Injectable[] = readonly []>(
  target: Injectable<T>,
  options: BindFactoryOptions<List>,
  create: (...dependencies: Injected<List>) => NoInfer<T>,
): Binding {
  const { inject = [], lifetime = 'singleton' } = options;
  return { target, inject, lifetime, create: create as Binding['create'] };
}
