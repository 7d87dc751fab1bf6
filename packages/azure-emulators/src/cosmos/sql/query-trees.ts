import type { ActionDict } from 'ohm-js';
import type { Expression, Query, SelectedItem, Selection, Sort, Source } from './syntax.js';
import { lastName } from './syntax.js';
import { constant, optional, textOf, tree, treesIn } from './tree.js';

const nothing: Omit<Query, 'selection' | 'sources' | 'where'> = {
  isDistinct: false,
  top: undefined,
  groupBy: [],
  orderBy: [],
  page: undefined,
};

/** What the clauses of a query mean. */
export const queryTrees: ActionDict<unknown> = {
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
};
