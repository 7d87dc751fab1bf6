import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionAt } from '../partitions/position.js';
import { markOf, marksIn, marksOf, noMarks, withMark } from './marks.js';

const partition = fc.nat(130);
const position = fc.nat().map((row) => positionAt(row, row % 7));

describe('marks', () => {
  test('keep of each partition what was set last, in the order of the partitions', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(partition, position)), (set) => {
        let marks = noMarks;
        for (const one of set) marks = withMark(marks, ...one);
        const last = new Map(set);
        expect(marksIn(marks)).toEqual([...last].sort(([one], [other]) => one - other));
        for (let one = 0; one <= 130; one++) expect(markOf(marks, one)).toBe(last.get(one));
      }),
    );
  });

  test('are the same text for the same events, in whatever order partitions came', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(partition, position), { selector: ([one]) => one }), (set) => {
        let backwards = noMarks;
        for (const one of set.toReversed()) backwards = withMark(backwards, ...one);
        expect(backwards).toBe(marksOf(set));
      }),
    );
  });

  test('of an untouched document say nothing', () => {
    expect(markOf(noMarks, 0)).toBeUndefined();
    expect(marksIn(noMarks)).toEqual([]);
  });
});
