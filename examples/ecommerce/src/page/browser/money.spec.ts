import { describe, expect, it } from 'vitest';
import { pounds, totalOf } from './money.js';

describe('money on the page', () => {
  it.each([
    ['2.5', '£2.50'],
    ['-1234.005', '−£1,234.005'],
    ['1000000', '£1,000,000.00'],
  ])('writes %s as %s', (amount, text) => {
    expect(pounds(amount)).toBe(text);
  });

  it('adds up exactly', () => {
    expect(
      totalOf([
        { quantity: 3, price: '0.1' },
        { quantity: 1, price: '0.005' },
        { quantity: 2, price: '10' },
      ]),
    ).toBe('20.305');
    expect(totalOf([])).toBe('0');
  });
});
