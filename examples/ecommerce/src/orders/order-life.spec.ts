import type { TestApp } from '@diptych/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancelOrder } from '../cancel-order/cancel-order.js';
import { OrderDetails } from '../order-details/order-details.js';
import { OrderTimeline } from '../order-timeline/order-timeline.js';
import { OrdersByCustomer } from '../orders-by-customer/orders-by-customer.js';
import { OrdersByStatus } from '../orders-by-status/orders-by-status.js';
import { PayOrder } from '../pay-order/pay-order.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { ReturnGoods } from '../return-goods/return-goods.js';
import { SalesByCountry } from '../sales/sales-by-country.js';
import { ShipOrder } from '../ship-order/ship-order.js';
import { StockLevels } from '../stock/stock-levels.js';
import { storages, testShop } from '../testing/storages.js';

const customer = { subject: { id: '17850', roles: ['customer'] } };
const another = { subject: { id: '12583', roles: ['customer'] } };
const operator = { subject: { id: 'jo', roles: ['operator'] } };
const lantern = { productCode: '71053', description: 'Lantern', quantity: 6, price: '3.39' };
const order = { customerId: '17850', country: 'France', lines: [lantern] };

let shop: TestApp;
let orderId: string;
const begin = async (open: (typeof storages)[number]['open']) => {
  shop = await testShop(open);
  ({ orderId } = await shop.commands.execute(new PlaceOrder(order), customer));
};
afterEach(() => shop.stop());

const pay = () => shop.commands.execute(new PayOrder({ orderId }), customer);
const ship = () => shop.commands.execute(new ShipOrder({ orderId }), operator);
const takeBack = (quantity: number, changes: object = {}) =>
  shop.commands.execute(
    new ReturnGoods({ ...order, orderId, lines: [{ ...lantern, quantity: -quantity, ...changes }] }),
    customer,
  );
const details = async () => {
  await shop.settled();
  return shop.queries.execute(new OrderDetails({ orderId }), customer);
};
const onHand = async () => {
  await shop.settled();
  const { levels } = await shop.queries.execute(new StockLevels({ productCodes: ['71053'] }));
  return levels[0]?.onHand;
};
const sales = async () => {
  await shop.settled();
  return shop.queries.execute(new SalesByCountry());
};

describe.each(storages)('the life of an order in $name', ({ open }) => {
  beforeEach(() => begin(open));

  it('is paid by its customer, shipped by an operator, and shows its status', async () => {
    expect(await details()).toMatchObject({ status: 'placed' });
    expect(await pay()).toEqual({ orderId, status: 'paid' });
    expect(await details()).toMatchObject({ status: 'paid' });
    expect(await ship()).toEqual({ orderId, status: 'shipped' });
    expect(await details()).toMatchObject({ status: 'shipped', returned: '0' });
  });

  it('promise 5: shows its status in “my orders” at once to whoever has the receipt', async () => {
    const { consistency } = await shop.commands.dispatch(new PayOrder({ orderId }), customer);
    const asked = shop.queries.execute(new OrdersByCustomer({ customerId: '17850' }), {
      ...customer,
      after: consistency,
    });
    await shop.settled();
    expect((await asked).orders).toMatchObject([{ orderId, status: 'paid' }]);
  });

  it('is cancelled before it is shipped: it is no sale, and its goods stay', async () => {
    await pay();
    await shop.commands.execute(new CancelOrder({ orderId, reason: 'too late' }), customer);
    expect(await details()).toMatchObject({ status: 'cancelled' });
    expect(await onHand()).toBe(0);
    expect(await sales()).toEqual([{ country: 'France', orders: 0, gross: '0', returned: '0', net: '0' }]);
  });

  it('gives back in parts, until nothing is left', async () => {
    await pay();
    await ship();
    expect(await takeBack(2)).toMatchObject({ total: '6.78' });
    expect(await details()).toMatchObject({ status: 'shipped', returned: '6.78', lines: [{ returned: 2 }] });
    await takeBack(4, { price: '3.390' });
    expect(await details()).toMatchObject({
      status: 'returned',
      returned: '20.34',
      lines: [{ returned: 6 }],
    });
    expect(await onHand()).toBe(0);
    expect(await sales()).toEqual([
      { country: 'France', orders: 1, gross: '20.34', returned: '20.34', net: '0' },
    ]);
  });

  it.each([
    ['more than there are', 7, {}, 'quantity', 'quantity'],
    ['another product', 1, { productCode: 'X' }, 'not-on-order', 'productCode'],
    ['another price', 1, { price: '99' }, 'price', 'price'],
  ])('takes nothing back of %s, and says where', async (_what, quantity, changes, code, field) => {
    await pay();
    await ship();
    await expect(takeBack(quantity, changes)).rejects.toMatchObject({
      code,
      details: { path: ['lines', 0, field] },
    });
    expect(await details()).toMatchObject({ returned: '0' });
  });

  it('takes nothing back of what was never shipped', async () => {
    await expect(takeBack(1)).rejects.toMatchObject({ code: 'not-returnable' });
  });

  it('of two who act at the same time, lets one, and tells the other how it stands', async () => {
    const both = await Promise.allSettled([
      pay(),
      shop.commands.execute(new CancelOrder({ orderId }), customer),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await details()).toMatchObject({ status: 'cancelled' });
    await expect(pay()).rejects.toMatchObject({ code: 'not-payable', details: { status: 'cancelled' } });

    ({ orderId } = await shop.commands.execute(new PlaceOrder(order), customer));
    const twice = await Promise.allSettled([pay(), pay()]);
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(twice).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'not-payable' }),
    });
  });

  it('has a timeline of what happened, when, and who did it', async () => {
    await pay();
    await ship();
    await takeBack(6);
    await shop.settled();
    const timeline = await shop.queries.execute(new OrderTimeline({ orderId }), customer);
    expect(timeline?.entries.map(({ event, by, note }) => [event, by, note])).toEqual([
      ['shop.OrderPlaced', '17850', '1 line'],
      ['shop.OrderPaid', '17850', ''],
      ['shop.OrderShipped', 'jo', ''],
      ['shop.GoodsReturned', '17850', '6 × Lantern'],
    ]);
  });

  it('promise 9: is nobody else’s, as if it were not there', async () => {
    const refused = { code: 'unknown-order' };
    const asAnother = (command: PayOrder | CancelOrder) => shop.commands.execute(command, another);
    await expect(asAnother(new PayOrder({ orderId }))).rejects.toMatchObject(refused);
    await expect(asAnother(new CancelOrder({ orderId }))).rejects.toMatchObject(refused);
    await expect(asAnother(new PayOrder({ orderId: 'none' }))).rejects.toMatchObject(refused);
    const ofAnother = new ReturnGoods({
      ...order,
      customerId: '12583',
      orderId,
      lines: [{ ...lantern, quantity: -1 }],
    });
    await expect(shop.commands.execute(ofAnother, another)).rejects.toMatchObject(refused);
    await shop.settled();
    expect(await shop.queries.execute(new OrderTimeline({ orderId }), another)).toBeNull();
  });

  it('promise 9: is shipped by operators alone, who see what there is to do', async () => {
    await pay();
    const forbidden = { code: 'forbidden' };
    await expect(shop.commands.execute(new ShipOrder({ orderId }), customer)).rejects.toMatchObject(
      forbidden,
    );
    const paid = new OrdersByStatus({ status: 'paid' });
    await expect(shop.queries.execute(paid, customer)).rejects.toMatchObject(forbidden);
    await shop.settled();
    const { orders } = await shop.queries.execute(paid, operator);
    expect(orders).toMatchObject([{ orderId, customerId: '17850', lines: 1 }]);
  });
});
