import type { ActionDict, Node } from 'ohm-js';
import { badRequest } from '../cosmos-error.js';
import { sqlError } from './sql-error.js';
import { unquoted } from './string-literal.js';
import type { Expression, Query } from './syntax.js';
import { constant, textOf, tree, treesIn } from './tree.js';

const negatedIf = (not: Node, value: Expression): Expression =>
  not.numChildren > 0 ? { kind: 'unary', operator: 'NOT', value } : value;

const binary =
  (operator?: string) =>
  (left: Node, symbol: Node, right: Node): Expression => ({
    kind: 'binary',
    operator: operator ?? symbol.sourceString,
    left: tree(left),
    right: tree(right),
  });

/** `a + b - c`, which is `(a + b) - c`. */
const chain =
  (operator?: string) =>
  (first: Node, symbols: Node, rest: Node): Expression =>
    rest.children.reduce<Expression>(
      (left, right, index) => ({
        kind: 'binary',
        operator: operator ?? symbols.child(index).sourceString,
        left,
        right: tree(right),
      }),
      tree(first),
    );

const negation = (_not: Node, value: Node): Expression => ({
  kind: 'unary',
  operator: 'NOT',
  value: tree(value),
});
const callOf = (name: Node, _open: Node, values: Node, _close: Node): Expression => ({
  kind: 'call',
  name: textOf(name),
  values: treesIn(values) as Expression[],
});

/** What expressions mean. */
export const expressionTrees: ActionDict<unknown> = {
  Conditional_choice: (condition, _then, chosen, _else, otherwise): Expression => ({
    kind: 'choice',
    condition: tree(condition),
    chosen: tree(chosen),
    otherwise: tree(otherwise),
  }),
  Coalesced: chain('??'),
  Disjunction: chain('OR'),
  Conjunction: chain('AND'),
  Negation_not: negation,
  Negated_not: negation,
  Predicate_in: (value, not, _in, _open, items, _close) =>
    negatedIf(not, { kind: 'in', value: tree(value), items: treesIn(items) as Expression[] }),
  Predicate_between: (value, not, _between, low, _and, high) => {
    const compare = (operator: string, bound: Node) => binary(operator)(value, value, bound);
    const between = {
      kind: 'binary',
      operator: 'AND',
      left: compare('>=', low),
      right: compare('<=', high),
    } as const;
    return negatedIf(not, between);
  },
  Predicate_like: (value, not, _like, pattern, escaping) =>
    negatedIf(not, {
      kind: 'like',
      value: tree(value),
      pattern: tree(pattern),
      escaping: escaping.children[0]?.children[1]?.text() as string | undefined,
    }),
  Predicate_compare: binary(),
  Joined(first, operators, rest) {
    if (new Set(operators.children.map((operator) => operator.sourceString)).size > 1) {
      throw sqlError(
        `Which of the operators in '${this.sourceString}' comes first must be said by parentheses.`,
      );
    }
    return chain()(first, operators, rest);
  },
  Sum: chain(),
  Product: chain(),
  Sign_signed: (operator, value): Expression => ({
    kind: 'unary',
    operator: operator.sourceString,
    value: tree(value),
  }),
  Member: (of, accesses) =>
    accesses.children.reduce<Expression>(
      (inner, access) => ({ kind: 'member', of: inner, name: tree(access) }),
      tree(of),
    ),
  Access_named: (_dot, name) => constant(textOf(name)),
  Access_bracketed: (_open, name, _close) => tree(name),
  Primary_scalar: (_open, query, _close): Expression => ({ kind: 'scalar', query: query.tree() as Query }),
  Primary_group: (_open, value, _close) => tree(value),
  Primary_exists: (_exists, _open, query, _close): Expression => ({
    kind: 'exists',
    query: query.tree() as Query,
  }),
  Primary_array: (_array, _open, query, _close): Expression => ({
    kind: 'array',
    query: query.tree() as Query,
  }),
  Primary_list: (_open, items, _close): Expression => ({
    kind: 'list',
    items: treesIn(items) as Expression[],
  }),
  Primary_object: (_open, properties, _close): Expression => ({
    kind: 'object',
    properties: treesIn(properties) as [string, Expression][],
  }),
  Primary_userDefined(_udf, _dot, name, _open, _values, _close): Expression {
    throw badRequest(`User-defined functions such as '${textOf(name)}' are not supported.`);
  },
  Primary_call: callOf,
  Primary_name: (name): Expression => ({ kind: 'name', name: textOf(name) }),
  Property: (name, _colon, value) => [textOf(name), tree(value)],
  parameter(_at, _name): Expression {
    return { kind: 'parameter', name: this.sourceString };
  },
  number(_number) {
    return constant(Number(this.sourceString));
  },
  index(_digits) {
    return constant(Number(this.sourceString));
  },
  string(_string) {
    return constant(unquoted(this.sourceString));
  },
  null: (_null) => constant(null),
  true: (_true) => constant(true),
  false: (_false) => constant(false),
  undefined: (_undefined) => constant(undefined),
};
