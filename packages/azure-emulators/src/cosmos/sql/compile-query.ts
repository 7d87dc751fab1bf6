import { compileExpression } from './compile-expression.js';
import { compileSelection, isGrouped } from './compile-selection.js';
import { compileSources, rootName } from './compile-sources.js';
import type { CompiledQuery } from './compiled-query.js';
import type { Evaluate, Row } from './row.js';
import { type CompileSubquery, Scope } from './scope.js';
import { pathOf } from './sort-path.js';
import { sqlError } from './sql-error.js';
import { resultsOf } from './subquery.js';
import type { Query } from './syntax.js';

/** Makes a query ready that a client asks; its rows are made of a row with an item alone. */
export function compileRootQuery(query: Query): CompiledQuery {
  return compile(query, Scope.empty(compileSubquery).with(rootName), true);
}

const compileSubquery: CompileSubquery = (query, scope) => {
  if (query.orderBy.length > 0) throw sqlError('ORDER BY is not supported in a subquery.', 'SC2202');
  const compiled = compile(query, scope, false);
  return (row) => resultsOf(compiled, row);
};

function compile(query: Query, outer: Scope, isRoot: boolean): CompiledQuery {
  check(query);
  const { scope, expand } = compileSources(query.sources, outer, isRoot);
  const where = query.where === undefined ? undefined : compileExpression(query.where, scope);
  const selectScope = isGrouped(query) ? scope.withAggregates() : scope.withoutAggregates();
  const select = compileSelection(query, selectScope);
  const limit = query.top ?? query.page?.limit;
  return {
    hasSources: query.sources.length > 0,
    rows: where === undefined ? expand : (row) => filtered(expand(row), where),
    select,
    grouping:
      selectScope.aggregates === undefined
        ? undefined
        : {
            keys: query.groupBy.map((key) => compileExpression(key, scope)),
            aggregates: selectScope.aggregates,
          },
    sorts: query.orderBy.map(({ value, isDescending }) => ({
      value: compileExpression(value, scope),
      path: pathOf(value, query.sources),
      isDescending,
    })),
    isDistinct: query.isDistinct,
    offset: query.page && compileExpression(query.page.offset, scope),
    limit: limit && compileExpression(limit, scope),
    parameters: scope.parameters,
  };
}

function check(query: Query): void {
  if (query.top !== undefined && query.page !== undefined) {
    throw sqlError("'TOP' cannot be used together with 'OFFSET LIMIT'.", 'SC2203');
  }
  if (query.orderBy.length > 0 && isGrouped(query)) {
    throw sqlError("'ORDER BY' is not supported together with 'GROUP BY' or aggregates.", 'SC2204');
  }
}

function* filtered(rows: Iterable<Row>, condition: Evaluate): Iterable<Row> {
  for (const row of rows) {
    if (condition(row) === true) yield row;
  }
}
