import type { Field, FieldKind } from '../indexes/field.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { invalidBody } from '../search-error.js';

const dateShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$/i;
const notNumbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  INF: Number.POSITIVE_INFINITY,
  '-INF': Number.NEGATIVE_INFINITY,
};

/** Milliseconds since the Unix epoch of a time as OData writes it; `NaN` for what is none. */
export const instantOf = (text: string) => (dateShape.test(text) ? Date.parse(text) : Number.NaN);

type Read = (value: JsonValue) => JsonValue | undefined;

const integer =
  (most: number): Read =>
  (value) =>
    Number.isInteger(value) && (value as number) >= -most - 1 && (value as number) <= most
      ? value
      : undefined;

/** A value as it is kept, or `undefined` where it is none of that type. */
const readers: Readonly<Record<Exclude<FieldKind, 'complex'>, Read>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  int32: integer(2 ** 31 - 1),
  int64: integer(2 ** 63),
  double: (value) => {
    if (typeof value === 'number') return value;
    return typeof value === 'string' && Object.hasOwn(notNumbers, value) ? notNumbers[value] : undefined;
  },
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  date: (value) => {
    const instant = typeof value === 'string' ? instantOf(value) : Number.NaN;
    return Number.isNaN(instant) ? undefined : new Date(instant).toISOString().replace('.000Z', 'Z');
  },
};

/** A field's value as it is kept. Throws for one of another type. */
function readValue(field: Field, value: JsonValue): JsonValue {
  if (!field.isCollection) return value === null ? null : readOne(field, value);
  if (!Array.isArray(value)) throw unfit(field, value);
  return (value as readonly JsonValue[]).map((one) => readOne(field, one));
}

function readOne(field: Field, value: JsonValue): JsonValue {
  if (field.kind === 'complex') {
    if (isObject(value)) return readFieldValues(field.fields, value);
    throw unfit(field, value);
  }
  const read = readers[field.kind](value);
  if (read === undefined) throw unfit(field, value);
  return read;
}

/** The fields that are named in an object, as they are kept. Throws for one that there is not. */
export function readFieldValues(fields: readonly Field[], object: JsonObject): JsonObject {
  const read: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(object)) {
    // What begins so is said of the object, as by `@search.action`, and is no part of it.
    if (name.startsWith('@')) continue;
    const field = fields.find((one) => one.name === name);
    if (field === undefined) {
      throw invalidBody(
        `actions : The property '${name}' does not exist. Make sure to only use property names that are defined by the type.`,
      );
    }
    read.push([name, readValue(field, value)]);
  }
  return Object.fromEntries(read);
}

/** The same with all fields: those that were not named are null, and collections empty. */
export function withAllFields(fields: readonly Field[], values: JsonObject): JsonObject {
  return Object.fromEntries(
    fields.map((field) => {
      const value = Object.hasOwn(values, field.name) ? values[field.name]! : null;
      return [field.name, completed(field, value)];
    }),
  );
}

function completed(field: Field, value: JsonValue): JsonValue {
  if (value === null) return field.isCollection ? [] : null;
  if (field.kind !== 'complex') return value;
  const inner = (one: JsonValue) => withAllFields(field.fields, one as JsonObject);
  return field.isCollection ? (value as readonly JsonValue[]).map(inner) : inner(value);
}

/** What JSON can say of a value. */
export function writtenValue(value: JsonValue): JsonValue {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
  }
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(writtenValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, writtenValue(inner)]));
}

function unfit({ path, type }: Field, value: JsonValue): Error {
  const isNested = typeof value === 'object' && value !== null;
  const found = isNested
    ? Array.isArray(value)
      ? 'a list'
      : 'an object'
    : `'${String(value).slice(0, 100)}'`;
  return invalidBody(`actions : Cannot convert ${found} to the expected type '${type}' of '${path}'.`);
}
