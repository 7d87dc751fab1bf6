import { bind } from '@diptych/core';
import { type TestApp, testApp } from '@diptych/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryOrderRepository } from '../orders/memory-order-repository.js';
import { OrderRepository } from '../orders/order-repository.js';
import { OrderPaid } from '../pay-order/order-paid.js';
import { PayOrder } from '../pay-order/pay-order.js';
import { PayOrderHandler } from '../pay-order/pay-order-handler.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { PlaceOrderHandler } from '../place-order/place-order-handler.js';
import { OrderShipped } from './order-shipped.js';
import { ShipOrder } from './ship-order.js';
import { ShipOrderHandler } from './ship-order-handler.js';

const id = '536365';
const customer = { id: '17850', roles: ['customer'] };
const operator = { id: 'jo', roles: ['operator'] };
const lantern = { productCode: '71053', description: 'Lantern', quantity: 6, price: '3.39' };
const order = { customerId: '17850', country: 'France', lines: [lantern] };

let app: TestApp;
beforeEach(async () => {
  app = await testApp({
    handlers: [PlaceOrderHandler, PayOrderHandler, ShipOrderHandler],
    messages: [OrderPlaced, OrderPaid, OrderShipped],
    provide: [bind(OrderRepository, new MemoryOrderRepository())],
  });
  await app.commands.execute(new PlaceOrder(order), { id, subject: customer });
  await app.commands.execute(new PayOrder({ orderId: id }), { subject: customer });
});
afterEach(() => app.stop());

const ship = () => app.commands.execute(new ShipOrder({ orderId: id }), { subject: operator });

describe('shipping an order', () => {
  it('tells that the goods are on their way', async () => {
    expect(await ship()).toEqual({ orderId: id, status: 'shipped' });
    const time = new Date(app.clock.now()).toISOString();
    expect(await app.recorded.events(OrderShipped)).toEqual([
      new OrderShipped({ orderId: id, customerId: '17850', shippedAt: time }),
    ]);
  });

  it('is refused the second time, and changes nothing', async () => {
    await ship();
    await expect(ship()).rejects.toMatchObject({
      code: 'not-shippable',
      details: { orderId: id, status: 'shipped' },
    });
    expect(await app.recorded.events(OrderShipped)).toHaveLength(1);
  });
});
