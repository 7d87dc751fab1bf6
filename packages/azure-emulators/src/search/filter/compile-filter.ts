import { fieldValue } from '../documents/search-document.js';
import type { Field } from '../indexes/field.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { badRequest, refusingDepth } from '../search-error.js';
import { comparisonOf } from './comparisons.js';
import { requireStringRules } from './lambda-rules.js';
import { parseFilter } from './parse-filter.js';
import type { Condition, Path } from './syntax.js';

/** Whether a document, or a value of a collection, fits. */
export type Fits = (item: JsonValue) => boolean;

/** Gives the keys of the documents in which the words of a text are, told as `search.ismatch` does. */
export type Matching = (values: readonly string[]) => (document: JsonObject) => boolean;

/** What names mean: fields of documents, or the variable of a lambda. */
interface Scope {
  readonly variable: string | undefined;
  readonly field: (path: Path) => Field | undefined;
  readonly matching: Matching | undefined;
}

/** Throws for a filter that is none, names what cannot be filtered, or compares what the service would not. */
export function compileFilter(schema: IndexSchema, text: string, matching: Matching): Fits {
  const field = (path: Path) => schema.field(path.join('/'));
  return refusingDepth('The filter', () =>
    compile(parseFilter(text), { variable: undefined, field, matching }),
  );
}

function compile(condition: Condition, scope: Scope): Fits {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => compile(part, scope));
      return (item) => parts.every((part) => part(item));
    }
    case 'or': {
      const parts = condition.parts.map((part) => compile(part, scope));
      return (item) => parts.some((part) => part(item));
    }
    case 'not': {
      const part = compile(condition.part, scope);
      return (item) => !part(item);
    }
    case 'constant':
      return () => condition.value;
    case 'path': {
      const { field, read } = resolved(condition.path, scope);
      if (field.kind !== 'boolean')
        throw badRequest(`Invalid expression: '${field.path}' is neither true nor false.`);
      return (item) => read(item) === true;
    }
    case 'compare': {
      const { field, read } = resolved(condition.path, scope);
      const holds = comparisonOf(field, condition.operator, condition.literal);
      return (item) => holds(read(item));
    }
    case 'in': {
      const { field, read } = resolved(condition.path, scope);
      if (field.kind !== 'string')
        throw badRequest(`Invalid expression: search.in is for strings, not '${field.path}'.`);
      const values = new Set<JsonValue>(condition.values);
      return (item) => values.has(read(item));
    }
    case 'lambda':
      return compileLambda(condition, scope);
    case 'match': {
      if (scope.matching === undefined)
        throw badRequest('Invalid expression: search.ismatch cannot stand in a lambda.');
      const matches = scope.matching(condition.values);
      return (item) => matches(item as JsonObject);
    }
  }
}

function compileLambda(condition: Extract<Condition, { kind: 'lambda' }>, scope: Scope): Fits {
  const { quantifier, each } = condition;
  const { field, read } = located(condition.path, scope);
  if (!field.isCollection) throw badRequest(`Invalid expression: '${field.path}' is no collection.`);
  requireFilterable(field);
  const itemsIn = (item: JsonValue) => (read(item) ?? []) as readonly JsonValue[];
  if (each === undefined) {
    if (quantifier === 'all') throw badRequest("Invalid expression: 'all' needs a condition.");
    return (item) => itemsIn(item).length > 0;
  }
  const { variable, part } = each;
  requireStringRules(field, quantifier, part);
  const inner = compile(part, { variable, field: (path) => innerField(field, path), matching: undefined });
  return quantifier === 'any' ? (item) => itemsIn(item).some(inner) : (item) => itemsIn(item).every(inner);
}

/** One value of a collection, or a field in it. */
function innerField(collection: Field, [_variable, ...names]: Path): Field | undefined {
  const one: Field = { ...collection, isCollection: false };
  return names.reduce<Field | undefined>(
    (field, name) => field?.fields.find((inner) => inner.name === name),
    one,
  );
}

interface Located {
  readonly field: Field;
  readonly read: (item: JsonValue) => JsonValue;
}

/** A path that can be compared. */
function resolved(path: Path, scope: Scope): Located {
  const found = located(path, scope);
  const { field } = found;
  requireFilterable(field);
  if (field.isCollection)
    throw badRequest(`Invalid expression: '${field.path}' is a collection: use any or all.`);
  if (field.kind === 'complex')
    throw badRequest(`Invalid expression: '${field.path}' is complex and cannot be compared.`);
  return found;
}

function located(path: Path, scope: Scope): Located {
  const { variable } = scope;
  const name = path.join('/');
  if (variable !== undefined && path[0] !== variable) {
    throw badRequest(
      `Invalid expression: '${name}' does not begin with the variable '${variable}' of its lambda.`,
    );
  }
  const field = scope.field(path);
  if (field === undefined) throw badRequest(`Invalid expression: Could not find a property named '${name}'.`);
  const names = variable === undefined ? path : path.slice(1);
  for (let length = 1; length < path.length; length++) {
    if (scope.field(path.slice(0, length))?.isCollection) {
      throw badRequest(`Invalid expression: '${name}' goes through a collection: use any or all.`);
    }
  }
  return { field, read: (item) => names.reduce(step, item) };
}

const step = (item: JsonValue, name: string): JsonValue => (isObject(item) ? fieldValue(item, name) : null);

function requireFilterable({ path, kind, can }: Field): void {
  if (kind === 'complex' || can.filterable) return;
  throw badRequest(`Invalid expression: The property '${path}' is not filterable.`);
}
