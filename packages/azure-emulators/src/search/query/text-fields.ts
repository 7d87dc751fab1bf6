import type { Field } from '../indexes/field.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import { badRequest } from '../search-error.js';

/** The fields in which words are looked for; all where none are named. Throws for what is not searchable. */
export function searchableFields(schema: IndexSchema, names: readonly string[]): readonly Field[] {
  return names.length === 0 ? schema.searchable : names.map((name) => searchableField(schema, name));
}

export function searchableField(schema: IndexSchema, name: string): Field {
  const field = schema.field(name);
  if (field?.can.searchable) return field;
  throw badRequest(`The field '${name}' in the search field list is not searchable.`);
}
