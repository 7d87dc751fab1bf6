import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linePath, roundedUp } from './scale.js';

describe('the scale of a chart', () => {
  it.each([
    [0, 1],
    [0.3, 0.5],
    [1, 1],
    [1.2, 2],
    [340, 500],
    [5_001, 10_000],
  ])('ends for %d at %d', (value, end) => expect(roundedUp(value)).toBe(end));

  it('has room for any value, and not ten times as much as it needs', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const end = roundedUp(value);
        expect(end).toBeGreaterThanOrEqual(value * (1 - 1e-9));
        expect(end).toBeLessThan(value * 10);
      }),
    );
  });
});

describe('the line of a chart', () => {
  const frame = { width: 100, height: 50, end: 100, seconds: 100, most: 10 };
  const sample = (at: number, value: number | null) => ({ at, values: [value] });

  it('goes from left to right, and up with the value', () =>
    expect(linePath([sample(0, 0), sample(50, 10), sample(100, 5)], 0, frame)).toBe(
      'M0.0 50.0h0L50.0 0.0L100.0 25.0',
    ));

  it('is broken where nothing was measured', () =>
    expect(linePath([sample(0, 0), sample(50, null), sample(100, 0)], 0, frame)).toBe(
      'M0.0 50.0h0M100.0 50.0h0',
    ));
});
