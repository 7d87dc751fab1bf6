import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchFilter } from './search-filter.js';

test('values are values, whatever is in them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const { text } = searchFilter`name eq ${value} and open eq ${true}`;
      const [, literal] = /^name eq '(.*)' and open eq true$/su.exec(text)!;
      // No quote in it stands alone, and it reads as what was given.
      return /^(?:[^']|'')*$/su.test(literal!) && literal!.replaceAll("''", "'") === value;
    }),
  );
});

test('numbers, dates, nothing and filters have one form each', () => {
  const inner = searchFilter`a eq ${1.5} or b eq ${null}`;
  const since = new Date(Date.UTC(2030, 0, 1));
  expect(searchFilter`${inner} and at ge ${since}`.text).toBe(
    '(a eq 1.5 or b eq null) and at ge 2030-01-01T00:00:00.000Z',
  );
});

test('what could reach beyond itself is no filter', () => {
  const unfit = [
    () => searchFilter`a eq 1) or (b eq 2`,
    () => searchFilter`(a eq 1`,
    () => searchFilter`a eq 1)`,
    () => searchFilter`a eq 'x`,
    () => searchFilter`a eq '${'x'}'`,
    () => searchFilter``,
    () => searchFilter`a eq ${Number.NaN}`,
    () => searchFilter`a eq ${Number.POSITIVE_INFINITY}`,
    () => searchFilter`a eq ${new Date(Number.NaN)}`,
    () => searchFilter`a eq ${{ toString: () => '1) or (true' } as never}`,
    () => searchFilter(['a eq 1'] as never),
    () => searchFilter('a eq 1' as never),
  ];
  for (const make of unfit) expect(make).toThrow(expect.objectContaining({ code: 'search-filter' }));
  expect(searchFilter`a eq 'it''s (not) closed' and (b or c)`.text).toContain("it''s");
});
