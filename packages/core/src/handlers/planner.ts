import type { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { Binding } from './binding.js';
import type { Injectable } from './injection.js';
import { erasedParameters, hasInversifyDecorators, type InversifyContainer } from './inversify-class.js';
import type { Lifetime } from './registration.js';
import { caller, type Plan, planOf, type Recipe } from './resolution-plan.js';
import { serviceOf } from './service.js';

export interface PlanSources {
  readonly bindings: ReadonlyMap<object, Binding>;
  readonly container: InversifyContainer | undefined;
  readonly resolve: ((type: object) => unknown) | undefined;
}

type Class = new (...dependencies: unknown[]) => object;

/** Decides, for everything that may be injected, where it comes from. Faults are collected, not thrown. */
export class Planner {
  readonly faults: DiptychError[] = [];
  readonly #plans = new Map<object, Plan | undefined>();
  readonly #path: Injectable[] = [];

  constructor(private readonly sources: PlanSources) {}

  /** The plan, or `undefined` after noting why there is none. `recipe` is what a registration says of its class. */
  plan(target: Injectable, recipe?: Recipe): Plan | undefined {
    if (target === undefined || target === null) {
      return this.#fail(
        'inject-undefined',
        `The inject list of ${this.#trail() || 'a function handler'} has an entry that is ${target}. Do two files import each other?`,
      );
    }
    if (this.#path.includes(target))
      return this.#fail('dependency-cycle', `${this.#trail(target)} is a circle.`);
    if (this.#plans.has(target)) return this.#plans.get(target);
    this.#path.push(target);
    const plan = this.#find(target, recipe);
    this.#path.pop();
    this.#plans.set(target, plan);
    return plan;
  }

  #find(target: Injectable, recipe: Recipe | undefined): Plan | undefined {
    const { bindings, container, resolve } = this.sources;
    const binding = bindings.get(target);
    if (binding !== undefined) return this.#follow(binding);
    if (typeof target !== 'function') {
      return this.#fail(
        'dependency-missing',
        `Nothing is bound to the token '${target.name}' (${this.#trail()}). ${target.hint ?? 'Bind it in `provide`.'}`,
      );
    }
    const lifetime = recipe?.lifetime ?? serviceOf(target)?.lifetime ?? 'singleton';
    const given = resolve?.(target);
    if (given !== undefined) return planOf(lifetime, (first) => (first ? given : resolve?.(target)));
    if (container?.isBound(target)) return planOf(lifetime, () => container.get(target));
    const known = recipe ?? recipeOf(target as Class);
    if (known !== undefined) return this.#follow(known);
    return this.#fromInversify(target as Class, lifetime);
  }

  #fromInversify(type: Class, lifetime: Lifetime): Plan | undefined {
    const erased = erasedParameters(type);
    if (erased.length > 0) {
      return this.#fail(
        'inject-erased',
        `The class of parameter ${erased.map((index) => index + 1).join(', ')} of ${type.name}'s constructor was ` +
          'lost: it is imported as a type only, or is an interface. Import it as a value, or write an inject list.',
        { class: type.name, parameters: erased },
      );
    }
    const { container } = this.sources;
    if (!hasInversifyDecorators(type) || container === undefined) {
      return this.#fail(
        'inject-missing',
        `${type.name} has constructor parameters, but neither an inject list nor inversify's decorators (${this.#trail()}).`,
        { class: type.name },
      );
    }
    return planOf(lifetime, () => container.get(type, { autobind: true }));
  }

  #follow(recipe: Recipe): Plan | undefined {
    const dependencies = recipe.inject.map((dependency) => this.plan(dependency));
    if (dependencies.includes(undefined)) return undefined;
    const complete = dependencies as readonly Plan[];
    const short = complete.findIndex(({ lifetime }) => lifetime === 'request');
    if (recipe.lifetime === 'singleton' && short !== -1) {
      return this.#fail(
        'lifetime-mismatch',
        `${this.#trail()} lives as long as the program, but needs ${nameOf(recipe.inject[short])}, which lives for one message.`,
      );
    }
    return planOf(recipe.lifetime, caller(recipe.create, complete));
  }

  #fail(code: string, message: string, details: Readonly<Record<string, unknown>> = {}): undefined {
    this.faults.push(new ProgrammingError(code, message, { neededBy: this.#path.map(nameOf), ...details }));
    return undefined;
  }

  #trail(...more: readonly Injectable[]): string {
    return [...this.#path, ...more].map(nameOf).join(' → ');
  }
}

function recipeOf(type: Class): Recipe | undefined {
  const service = serviceOf(type);
  if (service !== undefined) return { ...service, create: (...dependencies) => new type(...dependencies) };
  if (type.length > 0 || hasInversifyDecorators(type)) return undefined;
  return { inject: [], lifetime: 'singleton', create: () => new type() };
}

function nameOf(target: Injectable | undefined): string {
  return target?.name || 'an unnamed class';
}
