import { describe, expect, it } from 'vitest';
import { atLeast, atMost, byMedian, compare, compareTimesWithPeer, compareWithPeer } from './comparison.js';

const ratio = (min: number, median: number, max: number) => ({ min, median, max });

describe('a bound', () => {
  it('is met by the median', () => {
    expect(compare('x', ratio(0.7, 0.95, 1), atLeast(0.9)).verdict).toBe('met');
    expect(compare('x', ratio(1, 1.4, 2), atMost(1.5)).verdict).toBe('met');
  });

  it('is missed only when no round keeps to it', () => {
    expect(compare('x', ratio(0.5, 0.6, 0.89), atLeast(0.9)).verdict).toBe('missed');
    expect(compare('x', ratio(0.5, 0.6, 0.9), atLeast(0.9)).verdict).toBe('overlaps');
    expect(compare('x', ratio(1.6, 1.7, 2), atMost(1.5)).verdict).toBe('missed');
    expect(compare('x', ratio(1.4, 1.7, 2), atMost(1.5)).verdict).toBe('overlaps');
  });
});

describe('a bound that the median alone decides', () => {
  it('is missed also when some round keeps to it', () => {
    expect(compare('x', ratio(0.5, 0.6, 0.9), byMedian(atLeast(0.9))).verdict).toBe('missed');
    expect(compare('x', ratio(1.4, 1.7, 2), byMedian(atMost(1.5))).verdict).toBe('missed');
    expect(compare('x', ratio(0.5, 0.9, 1), byMedian(atLeast(0.9))).verdict).toBe('met');
  });
});

describe('the standing against a peer', () => {
  const rates = (...list: number[]) => ({ name: 'x', rates: list });

  it('is a win or a loss only when every round says so', () => {
    expect(compareWithPeer('x', rates(3, 3, 3), rates(1, 2, 2)).standing).toBe('ahead');
    expect(compareWithPeer('x', rates(1, 1, 1), rates(2, 3, 2)).standing).toBe('behind');
    expect(compareWithPeer('x', rates(1, 3, 1), rates(2, 2, 2)).standing).toBe('level');
  });

  it('compares within a round, so that a slow round of both changes nothing', () => {
    expect(compareWithPeer('x', rates(10, 1, 10), rates(5, 0.5, 5)).ratio).toEqual(ratio(2, 2, 2));
  });

  it('of a time is a win when ours is the shorter one', () => {
    expect(compareTimesWithPeer('x', [1, 1], [2, 3]).standing).toBe('ahead');
    expect(compareTimesWithPeer('x', [2, 3], [1, 1]).standing).toBe('behind');
  });
});
