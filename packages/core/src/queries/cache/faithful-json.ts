/** Deeper than this is taken for a circle. */
const maxDepth = 200;

/**
 * Whether JSON brings a value back as the same data: texts, finite numbers, truth values, null, lists and plain objects,
 * where a property that is `undefined` counts as absent. Dates, maps, big integers, instances of classes do not come back
 * as they were, nor does -0.
 */
export function comesThroughJson(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || (depth < maxDepth && partsComeThrough(value, depth + 1));
    default:
      return false;
  }
}

function partsComeThrough(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    // By index: `every` would pass over what is missing in a list.
    for (let at = 0; at < value.length; at++) if (!comesThroughJson(value[at], depth)) return false;
    return true;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((part) => part === undefined || comesThroughJson(part, depth));
}

/** The JSON of a value that comes through it, the same for the same data whatever order its keys are in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
