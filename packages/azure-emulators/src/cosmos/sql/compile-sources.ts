import type { JsonValue } from '../items/json.js';
import { compileExpression } from './compile-expression.js';
import { type Evaluate, type Row, withValue } from './row.js';
import type { Scope } from './scope.js';
import { sqlError } from './sql-error.js';
import type { Expression, Source } from './syntax.js';
import type { Value } from './values.js';

/** The name of an item in a row before the query gives it one; no query can say it. */
export const rootName = '(item)';

export interface CompiledSources {
  readonly scope: Scope;
  /** All rows that the sources make of one: each value of the first with each of the second, and so on. */
  readonly expand: (row: Row) => Iterable<Row>;
}

export function compileSources(sources: readonly Source[], outer: Scope, isRoot: boolean): CompiledSources {
  let scope = outer;
  const steps: ((row: Row) => readonly Value[])[] = [];
  for (const [index, source] of sources.entries()) {
    steps.push(compileSource(isRoot && index === 0 ? ofItem(source) : source, scope));
    scope = scope.with(source.name);
  }
  return { scope, expand: (row) => expanded(row, steps, 0) };
}

/** Whatever name a container has in a query, its items are meant. */
function ofItem(source: Source): Source {
  if (source.kind === 'query') throw sqlError('A query in FROM is supported after JOIN alone.', 'SC2201');
  return { ...source, path: renamed(source.path) };
}

const renamed = (path: Expression): Expression =>
  path.kind === 'member' ? { ...path, of: renamed(path.of) } : { kind: 'name', name: rootName };

function compileSource(source: Source, scope: Scope): (row: Row) => readonly Value[] {
  if (source.kind === 'query') return scope.subquery(source.query);
  const path: Evaluate = compileExpression(source.path, scope);
  if (source.kind === 'each') {
    return (row) => {
      const list = path(row);
      return Array.isArray(list) ? (list as readonly JsonValue[]) : [];
    };
  }
  return (row) => {
    const value = path(row);
    return value === undefined ? [] : [value];
  };
}

function* expanded(
  row: Row,
  steps: readonly ((row: Row) => readonly Value[])[],
  index: number,
): Iterable<Row> {
  const step = steps[index];
  if (step === undefined) {
    yield row;
    return;
  }
  for (const value of step(row)) yield* expanded(withValue(row, value), steps, index + 1);
}
