/** A value in a filter as it was written. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Milliseconds since the Unix epoch. */
  | { readonly kind: 'date'; readonly value: number }
  | { readonly kind: 'null'; readonly value: null };

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export type Path = readonly string[];

/** A filter as it was written. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'path'; readonly path: Path }
  | {
      readonly kind: 'compare';
      readonly path: Path;
      readonly operator: Comparison;
      readonly literal: Literal;
    }
  | {
      readonly kind: 'lambda';
      readonly quantifier: 'any' | 'all';
      readonly path: Path;
      /** Not said: whether there is anything. */
      readonly each: { readonly variable: string; readonly part: Condition } | undefined;
    }
  | { readonly kind: 'in'; readonly path: Path; readonly values: readonly string[] }
  | { readonly kind: 'match'; readonly values: readonly string[] };
