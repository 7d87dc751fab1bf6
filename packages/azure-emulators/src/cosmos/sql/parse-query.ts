import type { IterationNode, Node } from 'ohm-js';
import { badRequest } from '../cosmos-error.js';
import { sqlError, syntaxError } from './sql-error.js';
import { sqlGrammar } from './sql-grammar.js';
import { unquoted } from './string-literal.js';
import type { Expression, Query, SelectedItem, Selection, Sort, Source } from './syntax.js';
import { lastName } from './syntax.js';

const longestQuery = 512 * 1024;

/** Throws for what is no query. */
export const parseQuery = (text: string): Query => parsed(text, 'Statement') as Query;

/** Reads `FROM c WHERE …`, the condition of a patch. */
export const parseCondition = (text: string): Query => parsed(text, 'PatchCondition') as Query;

function parsed(text: string, start: string): unknown {
  if (text.length > longestQuery) throw badRequest(`A query has at most ${longestQuery} letters.`);
  try {
    const match = sqlGrammar.match(text, start);
    if (match.failed()) throw syntaxError(text, match.getRightmostFailurePosition() ?? 0);
    return semantics(match).tree() as unknown;
  } catch (error) {
    // Deeper nesting than the parser's own stack.
    if (error instanceof RangeError) throw badRequest('The query is nested too deeply.');
    throw error;
  }
}

const semantics = sqlGrammar.createSemantics();

const tree = (node: Node) => node.tree() as Expression;
const treesIn = (list: Node) =>
  (list.asIteration() as IterationNode).children.map((one) => one.tree() as unknown);
const optional = (node: Node) => node.children[0]?.tree() as unknown;
const textOf = (node: Node) => node.text() as string;
const constant = (value: Extract<Expression, { kind: 'constant' }>['value']): Expression => ({
  kind: 'constant',
  value,
});
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

semantics.addOperation<string>('text()', {
  name(_ahead, _start, _rest) {
    return this.sourceString;
  },
  property(_ahead, _start, _rest) {
    return this.sourceString;
  },
  parameter(_at, _name) {
    return this.sourceString;
  },
  string(_string) {
    return unquoted(this.sourceString);
  },
});

const nothing: Omit<Query, 'selection' | 'sources' | 'where'> = {
  isDistinct: false,
  top: undefined,
  groupBy: [],
  orderBy: [],
  page: undefined,
};

semantics.addOperation<unknown>('tree()', {
  Statement: (query, _end) => query.tree() as Query,
  PatchCondition: (from, _where, condition, _end): Query => ({
    ...nothing,
    selection: { kind: 'value', value: constant(true) },
    sources: (optional(from) as Source[] | undefined) ?? [
      { kind: 'value', name: 'c', path: { kind: 'name', name: 'c' } },
    ],
    where: tree(condition),
  }),
  Query: (_select, distinct, top, selection, from, where, groupBy, orderBy, page): Query => ({
    isDistinct: distinct.numChildren > 0,
    top: optional(top) as Expression | undefined,
    selection: selection.tree() as Selection,
    sources: (optional(from) as Source[] | undefined) ?? [],
    where: optional(where) as Expression | undefined,
    groupBy: (optional(groupBy) as Expression[] | undefined) ?? [],
    orderBy: (optional(orderBy) as Sort[] | undefined) ?? [],
    page: optional(page) as Query['page'],
  }),
  Top: (_top, count) => tree(count),
  Selection_all: (_all): Selection => ({ kind: 'all' }),
  Selection_value: (_value, value): Selection => ({ kind: 'value', value: tree(value) }),
  Selection_list: (items): Selection => ({ kind: 'list', items: treesIn(items) as SelectedItem[] }),
  Item_named: (value, _as, name): SelectedItem => ({ value: tree(value), name: textOf(name) }),
  Item_shortly: (value, name): SelectedItem => ({ value: tree(value), name: textOf(name) }),
  Item_plain: (value): SelectedItem => ({ value: tree(value), name: lastName(tree(value)) }),
  From: (_from, source, joins): Source[] => [source, ...joins.children].map((one) => one.tree() as Source),
  Join: (_join, source) => source.tree() as Source,
  Source_each: (name, _in, path): Source => ({ kind: 'each', name: textOf(name), path: tree(path) }),
  Source_query: (_open, query, _close, _as, name): Source => ({
    kind: 'query',
    name: textOf(name),
    query: query.tree() as Query,
  }),
  Source_named: (path, _as, name): Source => ({ kind: 'value', name: textOf(name), path: tree(path) }),
  Source_shortly: (path, name): Source => ({ kind: 'value', name: textOf(name), path: tree(path) }),
  Source_plain: (path): Source => ({ kind: 'value', name: lastName(tree(path)) ?? '', path: tree(path) }),
  Path: (name, steps): Expression =>
    steps.children.reduce<Expression>((of, step) => ({ kind: 'member', of, name: tree(step) }), {
      kind: 'name',
      name: textOf(name),
    }),
  Step_named: (_dot, name) => constant(textOf(name)),
  Step_bracketed: (_open, name, _close) => tree(name),
  Where: (_where, condition) => tree(condition),
  GroupBy: (_group, _by, values) => treesIn(values),
  OrderBy: (_order, _by, sorts) => treesIn(sorts),
  Sort: (value, direction): Sort => ({
    value: tree(value),
    isDescending: direction.sourceString.toLowerCase() === 'desc',
  }),
  Page: (_offset, offset, _limit, limit): Query['page'] => ({ offset: tree(offset), limit: tree(limit) }),
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
});
