import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionAt } from '../partitions/position.js';
import {
  type Consistency,
  consistencyToken,
  formatConsistency,
  parseConsistency,
} from './consistency-token.js';

const range = fc
  .record({
    partition: fc.integer({ min: 0, max: 65_535 }),
    row: fc.bigInt({ min: 0n, max: 2n ** 63n }),
    first: fc.integer({ min: 0, max: 0xffff }),
    more: fc.integer({ min: 0, max: 0xffff }),
  })
  .map(({ partition, row, first, more }) => ({
    partition,
    first: positionAt(row, first),
    last: positionAt(row, Math.min(first + more, 0xffff)),
  }));

const consistency: fc.Arbitrary<Consistency> = fc.record({
  incarnation: fc.stringMatching(/^[\w-]{1,64}$/),
  ranges: fc.array(range, { maxLength: 8 }),
});

describe('a consistency token', () => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(consistency, (written) => {
        expect(parseConsistency(formatConsistency(written))).toEqual(written);
      }),
    );
  });

  test('is made of a text that came back, and of no other', () => {
    expect(consistencyToken('inc1;3:0000000000000000000a')).toBe('inc1;3:0000000000000000000a');
    for (const text of ['', ';', 'inc1;3', 'no token']) {
      expect(() => consistencyToken(text)).toThrow(expect.objectContaining({ code: 'invalid-consistency' }));
    }
  });

  test('fits an HTTP header: visible ASCII, no comma, no quote', () => {
    fc.assert(
      fc.property(consistency, (written) => {
        expect(formatConsistency(written)).toMatch(/^[\w:;-]+$/);
      }),
    );
  });

  test('of one unit in one partition is short', () => {
    const at = positionAt(12_345, 0);
    const token = formatConsistency({
      incarnation: crypto.randomUUID(),
      ranges: [{ partition: 7, first: at, last: at }],
    });
    expect(token.length).toBeLessThan(64);
  });

  test('any other text is refused with invalid-consistency, and nothing else is thrown', () => {
    const damaged = fc
      .tuple(consistency, fc.nat(), fc.constantFrom('', ';', ':', '-', ' ', 'G', 'é', '\n', '0'))
      .map(([written, at, by]) => {
        const token = formatConsistency(written);
        const place = at % (token.length + 1);
        return token.slice(0, place) + by + token.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: 'binary' })), (text) => {
        try {
          // What can be read after all is a token that means just this.
          const read = parseConsistency(text);
          expect(parseConsistency(formatConsistency(read))).toEqual(read);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-consistency', origin: 'message' });
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['', 'nothing'],
    [`;7:${positionAt(1, 0)}`, 'no incarnation'],
    [`a b;7:${positionAt(1, 0)}`, 'a space'],
    [`a;${positionAt(1, 0)}`, 'no partition'],
    [`a;7:${positionAt(2, 0)}-${positionAt(1, 0)}`, 'a range that runs backwards'],
    [`a;7:${positionAt(1, 0)}-`, 'half a range'],
    ['a;7:123', 'a position of another width'],
    ['a;', 'an empty range'],
    [`a;7:${positionAt(1, 0)}\n`, 'a line break'],
  ])('%j is refused: %s', (text) => {
    expect(() => parseConsistency(text)).toThrow(expect.objectContaining({ code: 'invalid-consistency' }));
  });
});
