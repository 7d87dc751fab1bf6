import { isAggregate } from './aggregates.js';
import { compileExpression, compileObject } from './compile-expression.js';
import type { Evaluate } from './row.js';
import type { Scope } from './scope.js';
import { sqlError } from './sql-error.js';
import { type Expression, partsOf, type Query, type SelectedItem, type Selection } from './syntax.js';

/** Whether its results are made of many rows each. */
export const isGrouped = (query: Query): boolean =>
  query.groupBy.length > 0 || expressionsIn(query.selection).some(hasAggregate);

export function compileSelection(query: Query, scope: Scope): Evaluate {
  const { selection, groupBy } = query;
  if (isGrouped(query)) checkGrouped(selection, groupBy);
  if (selection.kind === 'all') {
    const [source, ...joins] = query.sources;
    if (source === undefined || joins.length > 0) {
      throw sqlError("'SELECT *' is only valid with a single input set.", 'SC2010');
    }
    return compileExpression({ kind: 'name', name: source.name }, scope);
  }
  if (selection.kind === 'value') return compileExpression(selection.value, scope);
  const names = namesOf(selection.items);
  return compileObject(
    selection.items.map(({ value }, index) => [names[index]!, compileExpression(value, scope)]),
  );
}

/** What has no name is called `$1`, `$2` and so on. */
function namesOf(items: readonly SelectedItem[]): readonly string[] {
  let unnamed = 0;
  const names = items.map(({ name }) => name ?? `$${++unnamed}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw sqlError(`'${twice}' is already the name of something else in the select list.`, 'SC2012');
  }
  return names;
}

function expressionsIn(selection: Selection): readonly Expression[] {
  if (selection.kind === 'all') return [];
  return selection.kind === 'value' ? [selection.value] : selection.items.map(({ value }) => value);
}

const hasAggregate = (expression: Expression): boolean =>
  (expression.kind === 'call' && isAggregate(expression.name)) || partsOf(expression).some(hasAggregate);

/** All that is selected of a group must be the same for its rows. */
function checkGrouped(selection: Selection, groupBy: readonly Expression[]): void {
  if (selection.kind === 'all') throw sqlError("'SELECT *' cannot be used with GROUP BY.", 'SC2105');
  const keys = new Set(groupBy.map((key) => JSON.stringify(key)));
  const visit = (expression: Expression): void => {
    if (keys.has(JSON.stringify(expression))) return;
    if (expression.kind === 'call' && isAggregate(expression.name)) return;
    if (['name', 'exists', 'array', 'scalar'].includes(expression.kind)) {
      const message =
        'An expression is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.';
      throw sqlError(message, 'SC2102');
    }
    partsOf(expression).forEach(visit);
  };
  expressionsIn(selection).forEach(visit);
}
