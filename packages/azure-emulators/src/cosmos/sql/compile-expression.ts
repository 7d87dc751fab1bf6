import { isObject } from '../items/json.js';
import { aggregates, isAggregate } from './aggregates.js';
import { systemFunction } from './functions/system-functions.js';
import { likePattern } from './like-pattern.js';
import { binaryOperators, or, unaryOperators } from './operators.js';
import type { Evaluate } from './row.js';
import type { Scope } from './scope.js';
import { sqlError } from './sql-error.js';
import type { Expression } from './syntax.js';
import { isEqual, type Value } from './values.js';

type OfKind<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Throws for names, functions and parameters that there are not. */
export function compileExpression(expression: Expression, scope: Scope): Evaluate {
  const compiled = (one: Expression) => compileExpression(one, scope);
  switch (expression.kind) {
    case 'constant':
      return () => expression.value;
    case 'parameter':
      scope.parameters.add(expression.name);
      return ({ given }) => given.parameters.get(expression.name);
    case 'name': {
      const index = scope.indexOf(expression.name);
      return ({ values }) => values[index];
    }
    case 'member': {
      const [of, name] = [compiled(expression.of), compiled(expression.name)];
      return (row) => memberOf(of(row), name(row));
    }
    case 'unary': {
      const [work, value] = [unaryOperators[expression.operator]!, compiled(expression.value)];
      return (row) => work(value(row));
    }
    case 'binary': {
      const work = binaryOperators[expression.operator]!;
      const [left, right] = [compiled(expression.left), compiled(expression.right)];
      return (row) => work(left(row), right(row));
    }
    case 'choice': {
      const [condition, chosen] = [compiled(expression.condition), compiled(expression.chosen)];
      const otherwise = compiled(expression.otherwise);
      return (row) => (condition(row) === true ? chosen(row) : otherwise(row));
    }
    case 'in': {
      const [value, items] = [compiled(expression.value), expression.items.map(compiled)];
      return (row) => {
        const one = value(row);
        return items.map((item) => isEqual(one, item(row))).reduce<Value>(or, false);
      };
    }
    case 'like':
      return compileLike(expression, compiled);
    case 'call':
      return isAggregate(expression.name)
        ? compileAggregate(expression, scope)
        : compileCall(expression, compiled);
    case 'list': {
      const items = expression.items.map(compiled);
      return (row) => items.map((item) => item(row)).filter((item) => item !== undefined);
    }
    case 'object':
      return compileObject(expression.properties.map(([name, value]) => [name, compiled(value)]));
    case 'exists':
    case 'array':
    case 'scalar':
      return compileSubquery(expression, scope);
  }
}

/** What is undefined is left out. */
export function compileObject(properties: readonly (readonly [string, Evaluate])[]): Evaluate {
  return (row) =>
    Object.fromEntries(
      properties.flatMap(([name, evaluate]) => {
        const value = evaluate(row);
        return value === undefined ? [] : [[name, value]];
      }),
    );
}

function memberOf(of: Value, name: Value): Value {
  if (Array.isArray(of)) return Number.isInteger(name) ? (of[name as number] as Value) : undefined;
  return isObject(of) && typeof name === 'string' && Object.hasOwn(of, name) ? of[name] : undefined;
}

function compileLike(
  { value, pattern, escaping }: OfKind<'like'>,
  compiled: (one: Expression) => Evaluate,
): Evaluate {
  if (escaping !== undefined && [...escaping].length !== 1)
    throw sqlError('ESCAPE takes a text of one letter.', 'SC2007');
  const [text, against] = [compiled(value), compiled(pattern)];
  const patterns = new Map<string, RegExp>();
  return (row) => {
    const [one, wanted] = [text(row), against(row)];
    if (typeof one !== 'string' || typeof wanted !== 'string') return undefined;
    if (!patterns.has(wanted)) {
      // A pattern is one for a whole query nearly always.
      patterns.clear();
      patterns.set(wanted, likePattern(wanted, escaping));
    }
    return patterns.get(wanted)!.test(one);
  };
}

function compileCall({ name, values }: OfKind<'call'>, compiled: (one: Expression) => Evaluate): Evaluate {
  const { call } = systemFunction(name, values.length);
  const evaluated = values.map(compiled);
  return (row) =>
    call(
      evaluated.map((value) => value(row)),
      row.given.clock,
    );
}

function compileAggregate({ name, values }: OfKind<'call'>, scope: Scope): Evaluate {
  const [value] = values;
  if (scope.aggregates === undefined) {
    throw sqlError(
      `The aggregate function ${name} can only be used in the SELECT clause, and not in another one.`,
      'SC2104',
    );
  }
  if (value === undefined || values.length > 1)
    throw sqlError(`The ${name} function requires 1 argument(s).`, 'SC2006');
  const index = scope.aggregates.length;
  scope.aggregates.push({
    make: aggregates[name.toUpperCase()]!,
    value: compileExpression(value, scope.withoutAggregates()),
  });
  return ({ aggregated }) => aggregated[index];
}

function compileSubquery({ kind, query }: OfKind<'exists' | 'array' | 'scalar'>, scope: Scope): Evaluate {
  const resultsOf = scope.subquery(query);
  if (kind === 'exists') return (row) => resultsOf(row).length > 0;
  if (kind === 'array') return resultsOf;
  return (row) => {
    const results = resultsOf(row);
    if (results.length > 1) {
      throw sqlError('The cardinality of a scalar subquery result set cannot be greater than one.', 'SC2003');
    }
    return results[0];
  };
}
