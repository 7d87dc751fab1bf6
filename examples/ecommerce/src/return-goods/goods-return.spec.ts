import { describe, expect, it } from 'vitest';
import { returnGoods } from './goods-return.js';
import { returnGoodsData } from './return-goods.js';

const bird = { productCode: '84832', description: 'GLASS BIRD', quantity: -2, price: '1.25' };
const now = '2010-12-01T09:41:00Z';

const asked = (changes: object = {}) =>
  returnGoodsData.parse({ customerId: '14527', country: 'United Kingdom', lines: [bird], ...changes });

const refusal = (changes: object) => expect(() => returnGoods(asked(changes), 'C536379', now));

describe('returning goods', () => {
  it('turns the signs round: so many came back, and so much is due', () => {
    expect(returnGoods(asked(), 'C536379', now)).toMatchObject({
      returnId: 'C536379',
      returnedAt: now,
      lines: [{ productCode: '84832', quantity: 2, price: '1.25' }],
      total: '2.5',
    });
  });

  it('refuses one without a customer', () => {
    refusal({ customerId: '' }).toThrow(expect.objectContaining({ code: 'no-customer' }));
  });

  it.each([0, 1])('refuses a quantity of %d', (quantity) => {
    refusal({ lines: [{ ...bird, quantity }] }).toThrow(expect.objectContaining({ code: 'quantity' }));
  });

  it.each(['0', '-1.25'])('refuses a price of %s', (price) => {
    refusal({ lines: [{ ...bird, price }] }).toThrow(expect.objectContaining({ code: 'price' }));
  });

  it('refuses by the first reason', () => {
    refusal({ customerId: '', lines: [{ ...bird, quantity: 1, price: '0' }] }).toThrow(
      expect.objectContaining({ code: 'no-customer' }),
    );
    refusal({
      lines: [
        { ...bird, price: '0' },
        { ...bird, quantity: 1 },
      ],
    }).toThrow(expect.objectContaining({ code: 'quantity' }));
  });
});
