import {
  anyone,
  command,
  commandHandler,
  createApp,
  defineProjection,
  event,
  query,
  queryHandler,
  readModel,
  type WritableDatabase,
} from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hasRedis, type RedisPlace, redisPlace } from '../fixtures/redis-server.js';
import { redisDatabase } from './redis-database.js';

const order = z.object({ orderId: z.string(), customer: z.string() });
class PlaceOrder extends command('shop.PlaceOrder', order) {}
class OrderPlaced extends event('shop.OrderPlaced', order) {}
class OrdersOf extends query('shop.OrdersOf', z.object({ customer: z.string() })).returns<string[]>() {}

const placeOrder = commandHandler(PlaceOrder, { authorize: anyone }, async (placed, { session }) => {
  session.append(`order-${placed.orderId}`, 'none', [new OrderPlaced({ ...placed })]);
});

const orders = defineProjection<z.infer<typeof order>>({
  name: 'orders',
  version: 1,
  indexes: { byCustomer: { by: ['customer'] } },
}).on(
  OrderPlaced,
  ({ orderId }) => orderId,
  ({ orderId, customer }) => ({ orderId, customer }),
);

const ordersOf = queryHandler(
  OrdersOf,
  { inject: [readModel(orders)], authorize: anyone },
  async ({ customer }, _context, model) => {
    const { documents } = await model.find('byCustomer', { customer });
    return documents.map(({ orderId }) => orderId);
  },
);

const handlers = [placeOrder, orders, ordersOf];

// #region open
async function openShop(database: WritableDatabase, url: string, prefix: string) {
  const redis = await redisDatabase({ connection: url, prefix });
  const app = await createApp({
    name: 'shop',
    handlers,
    database: { ...database, readModels: redis.readModels },
  });
  await app.start();
  const close = async () => {
    await app.stop();
    await redis.close();
  };
  return { app, close };
}
// #endregion

describe.skipIf(!hasRedis)('an app with its read models in Redis', () => {
  let place: RedisPlace;
  beforeAll(async () => {
    place = await redisPlace();
  });
  afterAll(() => place?.close());

  test('promise 5: a query reads what was just written, in another process as well', async () => {
    const { writeStore, reader, subscriptions } = memoryDatabase();
    const prefix = `t${crypto.randomUUID()}`;
    const open = () => openShop({ writeStore, reader, subscriptions }, place.connection.url, prefix);
    const [one, other] = [await open(), await open()];
    for (const orderId of ['1', '2', '3']) {
      const { consistency } = await one.app.commands.dispatch(new PlaceOrder({ orderId, customer: 'ada' }));
      const found = await other.app.queries.execute(new OrdersOf({ customer: 'ada' }), {
        after: consistency,
      });
      expect(found).toContain(orderId);
    }
    await one.close();
    await other.close();
  });
});
