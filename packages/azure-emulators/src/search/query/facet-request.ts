import { instantOf } from '../documents/field-values.js';
import type { Field } from '../indexes/field.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import { badRequest } from '../search-error.js';
import { type DateInterval, isDateInterval } from './date-intervals.js';

/** How the values of a field are counted. */
export interface FacetRequest {
  readonly field: Field;
  readonly how:
    | { readonly kind: 'each'; readonly count: number; readonly sort: FacetSort }
    /** Between bounds, and below the first and from the last on. Of times: milliseconds since the Unix epoch. */
    | { readonly kind: 'ranges'; readonly bounds: readonly number[] }
    | { readonly kind: 'steps'; readonly of: number | DateInterval };
}

const sorts = ['count', '-count', 'value', '-value'] as const;
type FacetSort = (typeof sorts)[number];

const numeric = new Set(['int32', 'int64', 'double']);

/** Reads `price,interval:10` and the like. Throws for what is none, and for a field whose values cannot be counted. */
export function readFacet(schema: IndexSchema, text: string): FacetRequest {
  const [path = '', ...parts] = text.split(',').map((part) => part.trim());
  const field = schema.field(path);
  if (field === undefined) throw badRequest(`Invalid expression: Could not find a property named '${path}'.`);
  if (!field.can.facetable) throw badRequest(`Invalid expression: The property '${path}' is not facetable.`);
  const options = new Map<string, string>();
  for (const part of parts) {
    const [, name = '', value = ''] = /^([a-z]+):(.+)$/.exec(part) ?? [];
    if (!['count', 'sort', 'values', 'interval'].includes(name) || options.has(name)) {
      throw badRequest(`The facet '${text}' cannot be read, or not here.`);
    }
    options.set(name, value);
  }
  return { field, how: howOf(field, options, text) };
}

function howOf(field: Field, options: ReadonlyMap<string, string>, text: string): FacetRequest['how'] {
  const [values, interval] = [options.get('values'), options.get('interval')];
  if ((values !== undefined || interval !== undefined) && options.size > 1) {
    throw badRequest(`The facet '${text}' has 'values' or 'interval' together with something else.`);
  }
  if (values !== undefined) return { kind: 'ranges', bounds: boundsIn(field, values, text) };
  if (interval !== undefined) return { kind: 'steps', of: stepIn(field, interval, text) };
  const count = Number(options.get('count') ?? 10);
  const sort = (options.get('sort') ?? 'count') as FacetSort;
  if (!Number.isInteger(count) || count < 0 || !sorts.includes(sort)) {
    throw badRequest(`The facet '${text}' has no right count or sort.`);
  }
  return { kind: 'each', count, sort };
}

function boundsIn({ kind }: Field, values: string, text: string): readonly number[] {
  const isDate = kind === 'date';
  const bounds = values.split('|').map((one) => (isDate ? instantOf(one.trim()) : Number(one)));
  const isRising = bounds.every((bound, index) => index === 0 || bound > bounds[index - 1]!);
  if (!(isDate || numeric.has(kind)) || bounds.some(Number.isNaN) || !isRising) {
    throw badRequest(`The facet '${text}' needs rising values of a field of numbers or times.`);
  }
  return bounds;
}

function stepIn({ kind }: Field, interval: string, text: string): number | DateInterval {
  if (kind === 'date' && isDateInterval(interval)) return interval;
  const step = Number(interval);
  if (numeric.has(kind) && step > 0 && Number.isFinite(step)) return step;
  throw badRequest(`The facet '${text}' has no right interval for its field.`);
}
