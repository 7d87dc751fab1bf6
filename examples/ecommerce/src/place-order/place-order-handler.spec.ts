import { bind, RefusedError } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { commandScenario, testApp } from '@diptych/testing';
import { describe, expect, it } from 'vitest';
import { MemoryOrderRepository } from '../orders/memory-order-repository.js';
import type { Order } from '../orders/order.js';
import { OrderRepository } from '../orders/order-repository.js';
import { OrderPlaced } from './order-placed.js';
import { PlaceOrder } from './place-order.js';
import { PlaceOrderHandler } from './place-order-handler.js';

const program = {
  handlers: [PlaceOrderHandler],
  messages: [OrderPlaced],
  provide: [bind(OrderRepository, new MemoryOrderRepository())],
};
const lantern = { productCode: '71053', description: 'White metal lantern', quantity: 6, price: '3.39' };
const placedAt = '2010-12-01T08:26:00Z';
const order = { customerId: '17850', country: 'France', placedAt, lines: [lantern] };
const id = '536365';
const operator = { id: 'jo', roles: ['operator'] };

class FailingRepository extends MemoryOrderRepository {
  override async save(placed: Order): Promise<void> {
    await super.save(placed);
    throw new RefusedError('out-of-paper', 'Nothing to write on.');
  }
}

/** What there is after an order was placed, or was not. */
async function placeIn(orders: OrderRepository) {
  const database = memoryDatabase();
  const app = await testApp({ ...program, database, provide: [bind(OrderRepository, orders)] });
  await app.commands.execute(new PlaceOrder(order), { id, subject: operator }).catch(() => undefined);
  const events = await app.recorded.events(OrderPlaced);
  await app.stop();
  return { tables: database.writeStore.tables, events };
}

describe('placing an order', () => {
  it('tells the shop of it, under the id of the command', () =>
    commandScenario(program)
      .when(new PlaceOrder(order), { id })
      .thenEvents(new OrderPlaced({ ...order, orderId: id, total: '20.34' })));

  it('answers with the order’s id and total', () =>
    commandScenario(program).when(new PlaceOrder(order), { id }).thenResult({ orderId: id, total: '20.34' }));

  // #region refusals
  it('is refused without a customer', () =>
    commandScenario(program)
      .when(new PlaceOrder({ ...order, customerId: '' }))
      .thenFails('no-customer'));

  it('promise 9: is forbidden on behalf of another customer', () =>
    commandScenario(program)
      .when(new PlaceOrder(order), { subject: { id: '12583', roles: ['customer'] } })
      .thenFails('forbidden'));
  // #endregion

  // #region together
  it('promise 1: stores its rows together with the event', async () => {
    const { tables, events } = await placeIn(new MemoryOrderRepository());
    expect(tables.table('orders').all()).toEqual([
      {
        orderId: id,
        customerId: '17850',
        country: 'France',
        placedAt,
        total: '20.34',
        status: 'placed',
        version: 1,
        lines: 1,
      },
    ]);
    expect(tables.table('order_lines').all()).toEqual([
      { orderId: id, lineNumber: 1, ...lantern, returned: 0 },
    ]);
    expect(events).toHaveLength(1);
  });

  it('promise 1: stores neither when it fails behind its rows', async () => {
    const { tables, events } = await placeIn(new FailingRepository());
    expect(tables.table('orders').all()).toEqual([]);
    expect(tables.table('order_lines').all()).toEqual([]);
    expect(events).toEqual([]);
  });
  // #endregion

  it('promise 4: is done once, however often the command comes', async () => {
    const app = await testApp(program);
    const [first, second] = await Promise.all([
      app.commands.dispatch(new PlaceOrder(order), { id, subject: operator }),
      app.commands.dispatch(new PlaceOrder(order), { id, subject: operator }),
    ]);
    expect(second).toEqual(first);
    expect(await app.recorded.events(OrderPlaced)).toHaveLength(1);
    await app.stop();
  });
});
