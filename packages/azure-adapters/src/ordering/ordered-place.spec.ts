import { compareSortValues, type SortValue } from '@diptych/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { texts } from '../fixtures/texts-of-units.js';
import { orderedPlace, placeOf } from './ordered-place.js';
import { orderedText, textOf } from './ordered-text.js';

const numbers = fc.double({ noNaN: true });
const sorts = fc.oneof(fc.constant(null), texts, numbers) as fc.Arbitrary<SortValue>;

/** As Redis compares. */
const byBytes = (one: string, other: string) =>
  Math.sign(Buffer.compare(Buffer.from(one), Buffer.from(other)));
/** As code does. */
const byUnits = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
const runs = { numRuns: 3_000 };

describe('ordered places', () => {
  test('texts come in the order of their code units, and back as they were', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        for (const compare of [byBytes, byUnits])
          expect(compare(orderedText(one), orderedText(other))).toBe(byUnits(one, other));
        expect(textOf(`${Buffer.from(orderedText(one))}behind`)).toBe(one);
      }),
      runs,
    );
  });

  test('sort values come as in every other store: nothing, numbers, texts; then ids', () => {
    fc.assert(
      fc.property(sorts, sorts, texts, texts, (one, other, id, otherId) => {
        const expected = Math.sign(compareSortValues(one, other)) || byUnits(id, otherId);
        const [place, otherPlace] = [
          orderedPlace({ sort: one, id }),
          orderedPlace({ sort: other, id: otherId }),
        ];
        for (const compare of [byBytes, byUnits]) expect(compare(place, otherPlace)).toBe(expected);
      }),
      runs,
    );
  });

  test('a place tells its sort value and its id', () => {
    fc.assert(
      fc.property(sorts, texts, (sort, id) => {
        expect(placeOf(orderedPlace({ sort, id }))).toEqual({ sort: Object.is(sort, -0) ? 0 : sort, id });
      }),
      runs,
    );
  });
});
