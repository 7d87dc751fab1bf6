import { bind } from '@diptych/core';
import { type TestApp, testApp } from '@diptych/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryOrderRepository } from '../orders/memory-order-repository.js';
import { OrderRepository } from '../orders/order-repository.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { PlaceOrderHandler } from '../place-order/place-order-handler.js';
import { OrderPaid } from './order-paid.js';
import { PayOrder } from './pay-order.js';
import { PayOrderHandler } from './pay-order-handler.js';

const id = '536365';
const customer = { id: '17850', roles: ['customer'] };
const lantern = { productCode: '71053', description: 'Lantern', quantity: 6, price: '3.39' };
const order = { customerId: '17850', country: 'France', lines: [lantern] };

let app: TestApp;
beforeEach(async () => {
  app = await testApp({
    handlers: [PlaceOrderHandler, PayOrderHandler],
    messages: [OrderPlaced, OrderPaid],
    provide: [bind(OrderRepository, new MemoryOrderRepository())],
  });
  await app.commands.execute(new PlaceOrder(order), { id, subject: customer });
});
afterEach(() => app.stop());

const pay = () => app.commands.execute(new PayOrder({ orderId: id }), { subject: customer });

describe('paying an order', () => {
  it('tells what was paid', async () => {
    expect(await pay()).toEqual({ orderId: id, status: 'paid' });
    const time = new Date(app.clock.now()).toISOString();
    expect(await app.recorded.events(OrderPaid)).toEqual([
      new OrderPaid({ orderId: id, customerId: '17850', total: '20.34', paidAt: time }),
    ]);
  });

  it('is refused the second time, and changes nothing', async () => {
    await pay();
    await expect(pay()).rejects.toMatchObject({
      code: 'not-payable',
      details: { orderId: id, status: 'paid' },
    });
    expect(await app.recorded.events(OrderPaid)).toHaveLength(1);
  });
});
