import { isObject, type JsonValue } from '../json.js';
import { fieldValue } from './search-document.js';

/** All values at a path, without nulls: of a collection each, and of what is in each. */
export function valuesAt(value: JsonValue, [name, ...rest]: readonly string[]): readonly JsonValue[] {
  if (value === null) return [];
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).flatMap((one) =>
      valuesAt(one, name === undefined ? [] : [name, ...rest]),
    );
  if (name === undefined) return [value];
  return isObject(value) ? valuesAt(fieldValue(value, name), rest) : [];
}
