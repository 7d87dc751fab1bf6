import type { JsonValue } from '../items/json.js';

/** An expression as it was written. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: JsonValue | undefined }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: Expression }
  | { readonly kind: 'unary'; readonly operator: string; readonly value: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'choice';
      readonly condition: Expression;
      readonly chosen: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: 'in'; readonly value: Expression; readonly items: readonly Expression[] }
  | {
      readonly kind: 'like';
      readonly value: Expression;
      readonly pattern: Expression;
      readonly escaping: string | undefined;
    }
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly properties: readonly (readonly [name: string, value: Expression])[] }
  | { readonly kind: 'exists' | 'array' | 'scalar'; readonly query: Query };

export interface Query {
  readonly isDistinct: boolean;
  readonly top: Expression | undefined;
  readonly selection: Selection;
  readonly sources: readonly Source[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly Sort[];
  readonly page: { readonly offset: Expression; readonly limit: Expression } | undefined;
}

export type Selection =
  | { readonly kind: 'all' }
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'list'; readonly items: readonly SelectedItem[] };

export interface SelectedItem {
  readonly value: Expression;
  readonly name: string | undefined;
}

/** Where rows come from: the values of an expression itself, what is in them, or the results of a query. */
export type Source =
  | { readonly kind: 'value' | 'each'; readonly name: string; readonly path: Expression }
  | { readonly kind: 'query'; readonly name: string; readonly query: Query };

export interface Sort {
  readonly value: Expression;
  readonly isDescending: boolean;
}

/** All expressions directly in one, without those of subqueries. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'member':
      return [expression.of, expression.name];
    case 'unary':
      return [expression.value];
    case 'binary':
      return [expression.left, expression.right];
    case 'choice':
      return [expression.condition, expression.chosen, expression.otherwise];
    case 'in':
      return [expression.value, ...expression.items];
    case 'like':
      return [expression.value, expression.pattern];
    case 'call':
      return expression.values;
    case 'list':
      return expression.items;
    case 'object':
      return expression.properties.map(([, value]) => value);
    default:
      return [];
  }
}

/** The name at the end of a path, by which it is known where it has no other. */
export function lastName(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'member' || expression.name.kind !== 'constant') return undefined;
  return typeof expression.name.value === 'string' ? expression.name.value : undefined;
}
