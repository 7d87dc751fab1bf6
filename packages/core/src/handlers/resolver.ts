import type { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { Binding } from './binding.js';
import type { Injectable } from './injection.js';
import { hasInversifyDecorators, type InversifyContainer } from './inversify-class.js';
import { Planner } from './planner.js';
import type { RegistrationBase } from './registration.js';
import type { Plan, Recipe } from './resolution-plan.js';
import { serviceOf } from './service.js';

export interface ResolverOptions {
  /** The program's own inversify container. Default: one is made when a class carries inversify's decorators. */
  readonly container?: InversifyContainer | undefined;
  /** Another container: gives the instance of a class, or `undefined` to leave it to the framework. */
  readonly resolve?: ((type: never) => unknown) | undefined;
  /** Values and factories for tokens and classes. They come before everything else. */
  readonly provide?: readonly Binding[] | undefined;
}

/**
 * Gives handlers what they need. In this order: what was provided; the program's `resolve`; its container, where
 * the class is bound there; the inject list; inversify, for classes with its decorators; a constructor without
 * parameters.
 */
export class Resolver {
  readonly #options: ResolverOptions;
  #container: InversifyContainer | undefined;
  #planner: Planner | undefined;

  constructor(options: ResolverOptions = {}) {
    this.#options = options;
    this.#container = options.container;
  }

  /** Loads inversify if, and only if, a class among these or what they inject must be resolved by it. */
  async prepare(registrations: readonly RegistrationBase[]): Promise<void> {
    if (this.#container !== undefined || !this.#needsInversify(registrations)) return;
    await import('reflect-metadata');
    const { Container } = await import('inversify');
    this.#container = new Container({ defaultScope: 'Singleton' });
  }

  /** What cannot be resolved, all of it: missing, circular, erased, or failing as it is made. */
  check(registrations: readonly RegistrationBase[]): readonly DiptychError[] {
    const planner = new Planner(this.#sources());
    const attempts = registrations.map((registration) => ({
      registration,
      plans: plansOf(planner, registration),
    }));
    if (planner.faults.length > 0) return planner.faults;
    this.#planner = planner;
    return attempts.flatMap(({ registration, plans }) =>
      plans.flatMap((plan) => faultOf(registration, plan)),
    );
  }

  /**
   * One thing by its class or token.
   * @throws ProgrammingError when it cannot be resolved.
   */
  get<T>(target: Injectable<T>): T {
    return this.#plan(target).get(undefined) as T;
  }

  /**
   * How to get a handler class's instance for a message, as its lifetime says.
   * @throws ProgrammingError when it cannot be resolved.
   */
  instanceOf(registration: RegistrationBase): () => object {
    const { source } = registration;
    if (source.kind !== 'class') throw new TypeError('A function handler has no instance.');
    const plan = this.#plan(source.type, recipeOf(registration));
    if (source.lifetime === 'request') return () => plan.get(undefined) as object;
    const instance = plan.get(undefined) as object;
    return () => instance;
  }

  /** The values that a function handler gets behind message and context. */
  argumentsOf(registration: RegistrationBase): () => readonly unknown[] {
    const plans = (registration.inject ?? []).map((target) => this.#plan(target));
    if (plans.some(({ lifetime }) => lifetime === 'request')) {
      return () => {
        const scope = new Map();
        return plans.map((plan) => plan.get(scope));
      };
    }
    const values = plans.map((plan) => plan.get(undefined));
    return () => values;
  }

  #plan(target: Injectable, recipe?: Recipe): Plan {
    this.#planner ??= new Planner(this.#sources());
    const before = this.#planner.faults.length;
    const plan = this.#planner.plan(target, recipe);
    if (plan !== undefined) return plan;
    throw (
      this.#planner.faults[before] ??
      new ProgrammingError(
        'dependency-missing',
        `'${target.name}' cannot be resolved, for a reason given before.`,
      )
    );
  }

  #sources() {
    const { provide = [], resolve } = this.#options;
    return {
      bindings: new Map(provide.map((binding) => [binding.target as object, binding])),
      container: this.#container,
      resolve: resolve as ((type: object) => unknown) | undefined,
    };
  }

  #needsInversify(registrations: readonly RegistrationBase[]): boolean {
    const seen = new Set<object>(this.#options.provide?.map(({ target }) => target as object));
    const needs = (target: Injectable, inject: readonly Injectable[] | undefined): boolean => {
      if (target === undefined || target === null || seen.has(target)) return false;
      seen.add(target);
      const known = inject ?? serviceOf(target)?.inject;
      if (known !== undefined) return known.some((next) => needs(next, undefined));
      return hasInversifyDecorators(target);
    };
    const ofBindings = this.#options.provide?.flatMap(({ inject }) => inject) ?? [];
    return (
      ofBindings.some((target) => needs(target, undefined)) ||
      registrations.some(({ source, inject }) =>
        source.kind === 'class'
          ? needs(source.type, inject)
          : (inject ?? []).some((target) => needs(target, undefined)),
      )
    );
  }
}

function recipeOf({ source, inject }: RegistrationBase): Recipe | undefined {
  if (source.kind !== 'class' || inject === undefined) return undefined;
  const type = source.type as unknown as new (...dependencies: unknown[]) => object;
  return { inject, lifetime: source.lifetime, create: (...dependencies) => new type(...dependencies) };
}

function plansOf(planner: Planner, registration: RegistrationBase): readonly Plan[] {
  const { source, inject = [] } = registration;
  const plans =
    source.kind === 'class'
      ? [planner.plan(source.type, recipeOf(registration))]
      : inject.map((target) => planner.plan(target));
  return plans.filter((plan) => plan !== undefined);
}

function faultOf(registration: RegistrationBase, plan: Plan): readonly DiptychError[] {
  try {
    plan.get(undefined);
    return [];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const fault = new ProgrammingError('dependency-failed', `${registration.name} cannot be made: ${reason}`);
    return [Object.assign(fault, { cause })];
  }
}
