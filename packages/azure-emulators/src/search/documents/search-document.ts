import type { JsonObject, JsonValue } from '../json.js';

/**
 * A document as it is kept: every field that the index had when it came, each value as its type has it. Numbers that
 * JSON has no form for are numbers here.
 */
export type SearchDocument = JsonObject;

/** The value of a field, or of one in a complex value; a field that came after the document is null. */
export function fieldValue(item: JsonObject, name: string): JsonValue {
  return Object.hasOwn(item, name) ? item[name]! : null;
}
