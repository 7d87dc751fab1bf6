import { memoryTransport } from '@diptych/core/memory';
import { type TestApp, testApp } from '@diptych/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { OrdersByCustomer } from './orders-by-customer/orders-by-customer.js';
import { PlaceOrder } from './place-order/place-order.js';
import { ReturnGoods } from './return-goods/return-goods.js';
import { SalesByCountry } from './sales/sales-by-country.js';
import { shopProgram } from './shop.js';
import { MoveStock } from './stock/move-stock.js';
import { StockLevels } from './stock/stock-levels.js';
import { StockMoved } from './stock/stock-moved.js';

const lantern = { productCode: '71053', description: 'White metal lantern', quantity: 6, price: '3.39' };
const bird = { productCode: '84832', description: 'Glass bird', quantity: 1, price: '1.25' };
const order = { customerId: '17850', country: 'France', lines: [lantern, bird, lantern] };
const customer = { subject: { id: '17850', roles: ['customer'] } };

let shop: TestApp;
afterEach(() => shop.stop());

describe('the shop', () => {
  it('moves the stock of each product that is ordered or comes back', async () => {
    shop = await testApp(shopProgram());
    await shop.commands.execute(new PlaceOrder(order), customer);
    await shop.settled();
    await shop.commands.execute(
      new ReturnGoods({ ...order, lines: [{ ...lantern, quantity: -2 }] }),
      customer,
    );
    await shop.settled();

    const { levels } = await shop.queries.execute(
      new StockLevels({ productCodes: ['71053', '84832', 'none'] }),
    );
    expect(levels).toEqual([
      { productCode: '71053', onHand: -10 },
      { productCode: '84832', onHand: -1 },
    ]);
    expect(await shop.recorded.commands(MoveStock)).toHaveLength(3);
  });

  it('promise 3: moves the stock once, over a transport that duplicates, delays and drops', async () => {
    const faults = { seed: 7, duplicate: 0.3, delay: 0.1, drop: 0.3 };
    shop = await testApp({ ...shopProgram(), transport: memoryTransport({ faults }) });
    for (let count = 0; count < 20; count += 1) await shop.commands.execute(new PlaceOrder(order), customer);
    await shop.settled();
    // That the last message of a partition was dropped shows at the next poll.
    for (let polls = 0; polls < 3; polls += 1) {
      await shop.advance(1_000);
      await shop.settled();
    }
    expect(await shop.recorded.events(StockMoved)).toHaveLength(40);
    const { levels } = await shop.queries.execute(new StockLevels());
    expect(levels).toContainEqual({ productCode: '71053', onHand: -240 });
    expect(await shop.queries.execute(new SalesByCountry())).toMatchObject([{ orders: 20, gross: '838.6' }]);
  });

  // #region receipt
  it('promise 5: with read models a second behind, only a query with the receipt sees the order', async () => {
    shop = await testApp(shopProgram());
    for (const name of shop.operations.subscriptions) {
      if (/^(order-list|customer-sales)\//.test(name)) shop.operations.control(name).delay(1_000);
    }
    const { consistency, result } = await shop.commands.dispatch(new PlaceOrder(order), customer);
    await shop.settled();
    const mine = new OrdersByCustomer({ customerId: '17850' });
    expect((await shop.queries.execute(mine, customer)).orders).toEqual([]);

    const withReceipt = shop.queries.execute(mine, { ...customer, after: consistency });
    await shop.advance(1_000);
    await shop.settled();
    expect((await withReceipt).orders).toMatchObject([{ orderId: result.orderId }]);
  });
  // #endregion

  it('has a flow that can be read: who handles what, and which read models a query reads', async () => {
    shop = await testApp(shopProgram());
    const { queries, subscriptions } = shop.describe();
    const reads = Object.fromEntries(queries.map(({ name, reads }) => [name, reads]));
    expect(reads).toEqual({
      'shop.Customer': ['customers'],
      'shop.Customers': ['customers'],
      'shop.OrderDetails': ['order-details'],
      'shop.OrderTimeline': ['order-timeline'],
      'shop.OrdersByCustomer': ['order-list', 'customer-sales'],
      'shop.OrdersByStatus': ['order-list'],
      'shop.SalesByCountry': ['sales-by-country'],
      'shop.SearchProducts': ['catalogue'],
      'shop.StockLevels': ['stock-levels'],
    });
    expect(subscriptions.map(({ name }) => name)).toContain('events/stock');
  });
});
