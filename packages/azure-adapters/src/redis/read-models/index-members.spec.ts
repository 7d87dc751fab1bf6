import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { texts } from '../../fixtures/texts-of-units.js';
import { keyPart, placesOf } from './index-members.js';

const runs = { numRuns: 3_000 };

describe('members of sorted sets', () => {
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
