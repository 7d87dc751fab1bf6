import type { Injectable, Injected } from './injection.js';

// biome-ignore lint/suspicious/noExplicitAny: the parameters are compared by `Matches`
export type InjectableClass = new (...dependencies: any) => object;

/**
 * Nothing to add when the constructor takes exactly what the list injects, in its order; otherwise a type that
 * no class fits, whose name says why. Without a list there is nothing to compare.
 */
export type Matches<Type extends InjectableClass, List> = List extends readonly Injectable[]
  ? Injected<List> extends ConstructorParameters<Type>
    ? unknown
    : { readonly 'the inject list does not fit the constructor': ConstructorParameters<Type> }
  : unknown;
