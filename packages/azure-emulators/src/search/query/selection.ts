import { writtenValue } from '../documents/field-values.js';
import { fieldValue, type SearchDocument } from '../documents/search-document.js';
import type { Field } from '../indexes/field.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { badRequest } from '../search-error.js';

/** Tells of a document what was selected. */
export type Select = (document: SearchDocument) => JsonObject;

/** Throws for a field that there is not, or that is never told. */
export function selectionOf(schema: IndexSchema, names: readonly string[]): Select {
  for (const name of names) {
    const field = schema.field(name);
    if (field === undefined || !field.can.retrievable) {
      throw badRequest(`Invalid expression: Could not find a retrievable property named '${name}'.`);
    }
  }
  const isWanted = ({ path }: Field) =>
    names.length === 0 || names.some((name) => name === path || path.startsWith(`${name}/`));
  // A complex field is told as far as something in it is wanted.
  const isPartlyWanted = (field: Field): boolean =>
    field.can.retrievable && (isWanted(field) || field.fields.some(isPartlyWanted));
  return (document) => part(schema.fields.filter(isPartlyWanted), document, isPartlyWanted);
}

function part(fields: readonly Field[], item: JsonObject, isWanted: (field: Field) => boolean): JsonObject {
  return Object.fromEntries(
    fields.map((field) => [field.name, partOfValue(field, fieldValue(item, field.name), isWanted)]),
  );
}

function partOfValue(field: Field, value: JsonValue, isWanted: (field: Field) => boolean): JsonValue {
  // The field came after the document.
  if (value === null) return field.isCollection ? [] : null;
  if (field.kind !== 'complex') return writtenValue(value);
  const inner = field.fields.filter(isWanted);
  const one = (item: JsonValue) => (isObject(item) ? part(inner, item, isWanted) : item);
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(one) : one(value);
}
