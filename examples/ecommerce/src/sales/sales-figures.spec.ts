import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSales, withOrder, withReturn } from './sales-figures.js';

describe('sales figures', () => {
  it('count orders and add up what was sold, what came back and what is left', () => {
    const figures = withReturn(withOrder(withOrder(noSales, '10.10'), '0.005'), '2.5');
    expect(figures).toEqual({ orders: 2, gross: '10.105', returned: '2.5', net: '7.605' });
  });

  it('may end below zero, for returns need no order', () => {
    expect(withReturn(noSales, '27.5')).toEqual({ orders: 0, gross: '0', returned: '27.5', net: '-27.5' });
  });

  it('promise 3: come out the same in whichever order partitions deliver', () => {
    const cents = fc.integer({ min: 1, max: 1_000_000 });
    const happening = fc.record({ kind: fc.constantFrom('order', 'return'), cents });
    const shuffled = fc
      .array(happening, { maxLength: 30 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    const fold = (all: readonly { kind: string; cents: number }[]) =>
      all.reduce((figures, { kind, cents }) => {
        const total = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        return kind === 'order' ? withOrder(figures, total) : withReturn(figures, total);
      }, noSales);
    fc.assert(
      fc.property(shuffled, ([all, otherwise]) => {
        expect(fold(otherwise)).toEqual(fold(all));
      }),
    );
  });
});
