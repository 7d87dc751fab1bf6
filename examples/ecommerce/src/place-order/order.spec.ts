import { describe, expect, it } from 'vitest';
import { placeOrder } from './order.js';
import { placeOrderData } from './place-order.js';

const lantern = { productCode: '71053', description: 'WHITE METAL LANTERN', quantity: 6, price: '3.39' };
const now = '2010-12-01T08:26:00Z';

const asked = (changes: object = {}) =>
  placeOrderData.parse({ customerId: '17850', country: 'United Kingdom', lines: [lantern], ...changes });

const refusal = (changes: object) => expect(() => placeOrder(asked(changes), '536365', now));

describe('placing an order', () => {
  it('accepts an order and adds up what it costs', () => {
    const lines = [lantern, { ...lantern, quantity: 1, price: '0.001' }];
    expect(placeOrder(asked({ lines }), '536365', now)).toMatchObject({
      orderId: '536365',
      customerId: '17850',
      total: '20.341',
    });
  });

  it('keeps the time at which the customer ordered, and takes the present where none is given', () => {
    expect(placeOrder(asked({ placedAt: '2010-11-30T10:00:00Z' }), '1', now).placedAt).toBe(
      '2010-11-30T10:00:00Z',
    );
    expect(placeOrder(asked(), '1', now).placedAt).toBe(now);
  });

  it('refuses one without a customer', () => {
    refusal({ customerId: undefined }).toThrow(expect.objectContaining({ code: 'no-customer' }));
  });

  it.each([0, -1])('refuses a quantity of %d and names the line', (quantity) => {
    const details = { path: ['lines', 1, 'quantity'] };
    refusal({ lines: [lantern, { ...lantern, quantity }] }).toThrow(
      expect.objectContaining({ code: 'quantity', details }),
    );
  });

  it.each(['0', '0.000', '-1.5'])('refuses a price of %s and names the line', (price) => {
    const details = { path: ['lines', 0, 'price'] };
    refusal({ lines: [{ ...lantern, price }] }).toThrow(expect.objectContaining({ code: 'price', details }));
  });

  it('refuses by the first reason, whatever the order of the lines', () => {
    const lines = [
      { ...lantern, price: '0' },
      { ...lantern, quantity: 0 },
    ];
    refusal({ lines }).toThrow(expect.objectContaining({ code: 'quantity' }));
    refusal({ lines, customerId: '' }).toThrow(expect.objectContaining({ code: 'no-customer' }));
  });
});
