import { badRequest } from '../cosmos-error.js';
import { isObject, type JsonObject, type JsonValue } from './json.js';

/** The names in `/a/b` and `/"a name"/b`. Throws for what is no path. */
export function readPath(text: unknown): readonly string[] {
  if (typeof text !== 'string' || !/^(\/("[^"]+"|[^/"]+))+$/.test(text)) {
    throw badRequest(`The path '${String(text)}' is invalid.`);
  }
  return [...text.matchAll(/\/(?:"([^"]+)"|([^/"]+))/g)].map(([, quoted, plain]) => (quoted ?? plain)!);
}

export function valueAt(item: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = item;
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
