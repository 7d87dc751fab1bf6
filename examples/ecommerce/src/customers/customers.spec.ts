import { type TestApp, testApp } from '@diptych/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlaceOrder } from '../place-order/place-order.js';
import { shopProgram } from '../shop.js';
import { Customer } from './customer.js';
import { Customers } from './customers.js';

const as = (id: string, role = 'customer') => ({ subject: { id, roles: [role] } });
const line = { productCode: '71053', description: 'Lantern', quantity: 6, price: '3.39' };

let shop: TestApp;
beforeEach(async () => {
  shop = await testApp(shopProgram());
  for (const customerId of ['17850', '12583'])
    await shop.commands.execute(
      new PlaceOrder({ customerId, country: 'France', lines: [line] }),
      as(customerId),
    );
  await shop.settled();
});
afterEach(() => shop.stop());

describe('customers', () => {
  it('see who they are and what they bought', async () => {
    const mine = await shop.queries.execute(new Customer({ customerId: '17850' }), as('17850'));
    expect(mine).toMatchObject({
      countries: ['France'],
      placed: 1,
      bought: [{ productCode: '71053', description: 'Lantern', quantity: 6 }],
    });
    expect(await shop.queries.execute(new Customer({ customerId: 'new' }), as('new'))).toBeNull();
  });

  it('promise 9: see nobody else; operators see all, in pages', async () => {
    const forbidden = { code: 'forbidden' };
    const other = new Customer({ customerId: '12583' });
    await expect(shop.queries.execute(other, as('17850'))).rejects.toMatchObject(forbidden);
    await expect(shop.queries.execute(new Customers(), as('17850'))).rejects.toMatchObject(forbidden);
    const { customers, next } = await shop.queries.execute(new Customers({ limit: 1 }), as('jo', 'operator'));
    expect(customers).toMatchObject([{ customerId: '12583', placed: 1 }]);
    const rest = await shop.queries.execute(new Customers({ after: next }), as('jo', 'operator'));
    expect(rest.customers).toMatchObject([{ customerId: '17850' }]);
  });
});
