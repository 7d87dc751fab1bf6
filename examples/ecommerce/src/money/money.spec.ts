import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amount, isPositive, minus, plus, totalOf } from './money.js';

/** Decimal text from a whole number of the smallest unit, with BigInt alone: the independent computation. */
function decimal(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const units = fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n });
const decimals = fc.integer({ min: 0, max: 40 });
const lines = fc.array(fc.record({ quantity: fc.maxSafeInteger(), units }), { maxLength: 50 });

describe('money', () => {
  it('adds up lines exactly as whole numbers of the smallest unit do', () => {
    fc.assert(
      fc.property(lines, decimals, (some, places) => {
        const expected = some.reduce((sum, line) => sum + BigInt(line.quantity) * line.units, 0n);
        const priced = some.map((line) => ({ quantity: line.quantity, price: decimal(line.units, places) }));
        expect(totalOf(priced)).toBe(decimal(expected, places));
      }),
    );
  });

  it('adds and takes away exactly, with different numbers of decimals', () => {
    fc.assert(
      fc.property(units, units, decimals, (left, right, places) => {
        const scaled = right * 10n ** BigInt(places);
        expect(plus(decimal(left, places), decimal(right, 0))).toBe(decimal(left + scaled, places));
        expect(minus(decimal(left, places), decimal(right, 0))).toBe(decimal(left - scaled, places));
      }),
    );
  });

  it('does not fall for what floating point gets wrong', () => {
    expect(plus('0.1', '0.2')).toBe('0.3');
    expect(totalOf([{ quantity: 3, price: '1.005' }])).toBe('3.015');
  });

  it('has one way to write nothing', () => {
    expect(minus('2.5', '2.50')).toBe('0');
    expect(plus('-1', '1')).toBe('0');
    expect(totalOf([{ quantity: -1, price: '0' }])).toBe('0');
  });

  it.each(['0', '0.00', '-0', '-0.01'])('does not take %s for more than nothing', (text) => {
    expect(isPositive(text)).toBe(false);
  });

  it('takes the smallest price for more than nothing', () => {
    expect(isPositive('0.000000000000000000000000000001')).toBe(true);
  });

  it.each(['', '1,5', '1e3', 'NaN', 'Infinity', '1.', '.5', '0x10', ' 1', '1'.repeat(1001)])(
    'does not read %s',
    (text) => {
      expect(amount.safeParse(text).success).toBe(false);
    },
  );
});
