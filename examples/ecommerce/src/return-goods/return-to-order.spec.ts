import { describe, expect, it } from 'vitest';
import type { Order } from '../orders/order.js';
import { returnToOrder } from './return-to-order.js';

const lantern = { productCode: '71053', description: 'Lantern', quantity: 2, price: '3.39' };
const shipped: Order = {
  orderId: '536365',
  customerId: '17850',
  country: 'France',
  placedAt: '2010-12-01T08:26:00Z',
  total: '23.03',
  status: 'shipped',
  version: 3,
  lines: [
    { ...lantern, returned: 1 },
    { ...lantern, price: '3', returned: 0 },
    { ...lantern, quantity: 3, price: '3.390', returned: 0 },
  ],
};

const returned = (...quantities: readonly number[]) =>
  returnToOrder(
    shipped,
    quantities.map((quantity) => ({ ...lantern, quantity })),
  );

describe('what comes back of an order', () => {
  it('fills the lines of its product and price one after the other', () => {
    const { order, complete } = returned(2);
    expect(order.lines.map((line) => line.returned)).toEqual([2, 0, 1]);
    expect(order).toMatchObject({ status: 'shipped', version: 4 });
    expect(complete).toBe(false);
  });

  it('makes the order a returned one once nothing is left', () => {
    const all = [
      { ...lantern, quantity: 4 },
      { ...lantern, price: '3', quantity: 2 },
    ];
    expect(returnToOrder(shipped, all)).toMatchObject({
      complete: true,
      order: { status: 'returned', version: 4 },
    });
  });

  it('is never more than there is, over several lines of a return neither', () => {
    expect(() => returned(3, 2)).toThrow(
      expect.objectContaining({ code: 'quantity', details: { path: ['lines', 1, 'quantity'] } }),
    );
  });
});
