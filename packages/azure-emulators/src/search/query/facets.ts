import { writtenValue } from '../documents/field-values.js';
import { valuesAt } from '../documents/values-at.js';
import type { Field } from '../indexes/field.js';
import type { JsonObject, JsonValue } from '../json.js';
import { startOf } from './date-intervals.js';
import type { FacetRequest } from './facet-request.js';
import type { Found } from './found.js';

/** How many of the documents have each value, or one within bounds. */
export function countFacet({ field, how }: FacetRequest, found: readonly Found[]): readonly JsonObject[] {
  const names = field.path.split('/');
  const all = found.map(({ document }) => valuesAt(document, names));
  if (how.kind === 'ranges') return ranges(field, how.bounds, all);
  if (how.kind === 'steps') {
    const step = how.of;
    const counts = countEach(
      all.map((values) =>
        values.map((value) =>
          typeof step === 'number'
            ? Math.floor((value as number) / step) * step
            : startOf(step, Date.parse(value as string)),
        ),
      ),
    );
    return [...counts]
      .sort(([one], [other]) => (one as number) - (other as number))
      .map(([value, count]) => ({ count, value: shownBound(field, value as number) }));
  }
  const sign = how.sort.startsWith('-') ? -1 : 1;
  const byValue = ([one]: Counted, [other]: Counted) => (one! < other! ? -1 : one! > other! ? 1 : 0);
  // The largest count comes first, and the smallest value.
  const byCount = ([, one]: Counted, [, other]: Counted) => other - one;
  const compare = how.sort.endsWith('count') ? byCount : byValue;
  return [...countEach(all)]
    .sort((one, other) => sign * compare(one, other) || byValue(one, other))
    .slice(0, how.count === 0 ? undefined : how.count)
    .map(([value, count]) => ({ count, value: writtenValue(value) }));
}

type Counted = readonly [value: JsonValue, count: number];

/** A document counts once for a value, however often it has it. */
function countEach(all: readonly (readonly JsonValue[])[]): ReadonlyMap<JsonValue, number> {
  const counts = new Map<JsonValue, number>();
  for (const values of all) {
    for (const value of new Set(values)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function ranges(
  field: Field,
  bounds: readonly number[],
  all: readonly (readonly JsonValue[])[],
): readonly JsonObject[] {
  const numberOf = (value: JsonValue) =>
    field.kind === 'date' ? Date.parse(value as string) : (value as number);
  const ends = [Number.NEGATIVE_INFINITY, ...bounds, Number.POSITIVE_INFINITY];
  return ends.slice(1).map((to, index) => {
    const from = ends[index]!;
    const isIn = (value: JsonValue) => numberOf(value) >= from && numberOf(value) < to;
    return {
      count: all.filter((values) => values.some(isIn)).length,
      ...(from > Number.NEGATIVE_INFINITY && { from: shownBound(field, from) }),
      ...(to < Number.POSITIVE_INFINITY && { to: shownBound(field, to) }),
    };
  });
}

const shownBound = ({ kind }: Field, bound: number): JsonValue =>
  kind === 'date' ? new Date(bound).toISOString().replace('.000Z', 'Z') : bound;
