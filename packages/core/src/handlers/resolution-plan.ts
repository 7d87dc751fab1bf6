import type { Injectable } from './injection.js';
import type { Lifetime } from './registration.js';

/** What is shared by all that one message needs. */
type RequestScope = Map<Plan, unknown>;

/** How to get one thing. Made once, at start; `get` is what remains for each message. */
export interface Plan {
  readonly lifetime: Lifetime;
  get(scope: RequestScope | undefined): unknown;
}

/** What a constructor or factory is given, and how to call it. */
export interface Recipe {
  readonly inject: readonly Injectable[];
  readonly lifetime: Lifetime;
  readonly create: (...dependencies: never[]) => unknown;
}

/** A plan that makes it once, or for each message. `first` is true the only time that a singleton is made. */
export function planOf(
  lifetime: Lifetime,
  create: (first: boolean, scope: RequestScope | undefined) => unknown,
): Plan {
  if (lifetime === 'singleton') {
    let made = false;
    let instance: unknown;
    return {
      lifetime,
      get() {
        if (!made) instance = create(true, undefined);
        made = true;
        return instance;
      },
    };
  }
  const plan: Plan = {
    lifetime,
    get(scope) {
      if (scope === undefined) return create(false, undefined);
      if (!scope.has(plan)) scope.set(plan, create(false, scope));
      return scope.get(plan);
    },
  };
  return plan;
}

/**
 * Calls with what the plans give, in one scope. Spelt out for the usual lengths: a spread costs more than all the
 * rest of it.
 */
export function caller(create: Recipe['create'], dependencies: readonly Plan[]) {
  const call = create as (...given: unknown[]) => unknown;
  const [a, b, c] = dependencies as readonly [Plan, Plan, Plan];
  type Scope = RequestScope | undefined;
  const shares = dependencies.some(({ lifetime }) => lifetime === 'request');
  const own = (scope: Scope): Scope => scope ?? (shares ? new Map() : undefined);
  switch (dependencies.length) {
    case 0:
      return () => call();
    case 1:
      return (_first: boolean, scope: Scope) => call(a.get(own(scope)));
    case 2:
      return (_first: boolean, outer: Scope) => {
        const scope = own(outer);
        return call(a.get(scope), b.get(scope));
      };
    case 3:
      return (_first: boolean, outer: Scope) => {
        const scope = own(outer);
        return call(a.get(scope), b.get(scope), c.get(scope));
      };
    default:
      return (_first: boolean, outer: Scope) => {
        const scope = own(outer);
        return call(...dependencies.map((dependency) => dependency.get(scope)));
      };
  }
}
