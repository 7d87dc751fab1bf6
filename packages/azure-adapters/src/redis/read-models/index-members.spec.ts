import { compareSortValues, type SortValue } from '@diptych/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyPart, placesOf, readMember, sortPart } from './index-members.js';
import { orderedText, textOf } from './ordered-text.js';

/** Code units of all kinds, halves of surrogate pairs alone as well. */
const units = fc.oneof(
  fc.constantFrom(
    0,
    1,
    2,
    0x20,
    0x7f,
    0xd7ff,
    0xd800,
    0xdbff,
    0xdc00,
    0xdfff,
    0xe000,
    0xe7ff,
    0xe800,
    0xe801,
    0xffff,
  ),
  fc.integer({ min: 0, max: 0xffff }),
);
const texts = fc.array(units, { maxLength: 6 }).map((codes) => String.fromCharCode(...codes));
const numbers = fc.double({ noNaN: true });
const sorts = fc.oneof(fc.constant(null), texts, numbers) as fc.Arbitrary<SortValue>;

/** As Redis compares. */
const byBytes = (one: string, other: string) =>
  Math.sign(Buffer.compare(Buffer.from(one), Buffer.from(other)));
const runs = { numRuns: 3_000 };

describe('members of sorted sets', () => {
  test('texts come in the order of their code units, and back as they were', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(byBytes(orderedText(one), orderedText(other))).toBe(one < other ? -1 : one > other ? 1 : 0);
        expect(textOf(`${Buffer.from(orderedText(one))}behind`)).toBe(one);
      }),
      runs,
    );
  });

  test('sort values come as in every other store: nothing, numbers, texts; then ids', () => {
    fc.assert(
      fc.property(sorts, sorts, texts, texts, (one, other, id, otherId) => {
        const expected =
          Math.sign(compareSortValues(one, other)) || (id < otherId ? -1 : id > otherId ? 1 : 0);
        expect(byBytes(sortPart(one) + orderedText(id), sortPart(other) + orderedText(otherId))).toBe(
          expected,
        );
      }),
      runs,
    );
  });

  test('a place tells its sort value and its id', () => {
    fc.assert(
      fc.property(sorts, texts, (sort, id) => {
        const read = readMember(sortPart(sort) + orderedText(id));
        expect(read).toEqual({ sort: Object.is(sort, -0) ? 0 : sort, id });
      }),
      runs,
    );
  });

  test('no two keys begin the members of one another, however long they are', () => {
    const keys = fc.oneof(
      texts,
      texts.map((text) => text.repeat(20)),
    );
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        fc.pre(one !== other);
        expect(keyPart(one).startsWith(keyPart(other))).toBe(false);
      }),
      runs,
    );
  });

  test('a document stands in each index under each of its values, once', () => {
    const indexes = { byTag: { by: ['tags'], sort: 'total' } };
    const body = JSON.stringify({ tags: ['x', 'y', 'x'], total: 1 });
    const places = placesOf(indexes, { tenant: 'default', name: 'a' }, body);
    expect(places.map(({ set }) => set.split(':').at(-1))).toEqual(['i', 'byTag', 'byTag']);
    expect(new Set(places.map(({ stem }) => stem)).size).toBe(3);
  });
});
