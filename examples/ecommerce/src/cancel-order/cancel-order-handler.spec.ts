import { bind } from '@diptych/core';
import { type TestApp, testApp } from '@diptych/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryOrderRepository } from '../orders/memory-order-repository.js';
import { OrderRepository } from '../orders/order-repository.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { PlaceOrderHandler } from '../place-order/place-order-handler.js';
import { CancelOrder } from './cancel-order.js';
import { CancelOrderHandler } from './cancel-order-handler.js';
import { OrderCancelled } from './order-cancelled.js';

const id = '536365';
const customer = { id: '17850', roles: ['customer'] };
const lantern = { productCode: '71053', description: 'Lantern', quantity: 6, price: '3.39' };
const order = { customerId: '17850', country: 'France', lines: [lantern] };

let app: TestApp;
beforeEach(async () => {
  app = await testApp({
    handlers: [PlaceOrderHandler, CancelOrderHandler],
    messages: [OrderPlaced, OrderCancelled],
    provide: [bind(OrderRepository, new MemoryOrderRepository())],
  });
  await app.commands.execute(new PlaceOrder(order), { id, subject: customer });
});
afterEach(() => app.stop());

const cancel = () =>
  app.commands.execute(new CancelOrder({ orderId: id, reason: 'too late' }), { subject: customer });

describe('cancelling an order', () => {
  it('tells what is not sold any more, and why', async () => {
    expect(await cancel()).toEqual({ orderId: id, status: 'cancelled' });
    const time = new Date(app.clock.now()).toISOString();
    expect(await app.recorded.events(OrderCancelled)).toEqual([
      new OrderCancelled({ ...order, orderId: id, total: '20.34', reason: 'too late', cancelledAt: time }),
    ]);
  });

  it('is refused the second time, and changes nothing', async () => {
    await cancel();
    await expect(cancel()).rejects.toMatchObject({
      code: 'not-cancellable',
      details: { orderId: id, status: 'cancelled' },
    });
    expect(await app.recorded.events(OrderCancelled)).toHaveLength(1);
  });
});
