import {
  anyone,
  command,
  commandHandler,
  createApp,
  defineProjection,
  event,
  type JournalReader,
  query,
  queryHandler,
  readModel,
} from '@diptych/core';
import { type MemoryDatabase, memoryDatabase } from '@diptych/core/memory';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { clusterPlace, type RedisPlace, redisProgram } from '../../fixtures/redis-server.js';
import { redisDatabase } from '../redis-database.js';
import type { RedisConnection } from '../redis-options.js';

const order = z.object({ orderId: z.string(), total: z.number().int() });
class PlaceOrder extends command('shop.PlaceOrder', order) {}
class OrderPlaced extends event('shop.OrderPlaced', order) {}
class TotalOf extends query('shop.TotalOf', z.object({ orderId: z.string() })).returns<number>() {}

const placeOrder = commandHandler(PlaceOrder, { authorize: anyone }, async (placed, { session }) => {
  session.append(`order-${placed.orderId}`, 'none', [new OrderPlaced({ ...placed })]);
});
const orders = defineProjection<{ total: number }>({ name: 'orders', version: 1 }).on(
  OrderPlaced,
  ({ orderId }) => orderId,
  ({ total }) => ({ total }),
);
const totalOf = queryHandler(
  TotalOf,
  { inject: [readModel(orders)], authorize: anyone },
  async ({ orderId }, _context, model) => (await model.get(orderId))?.total ?? 0,
);
const handlers = [placeOrder, orders, totalOf];

// #region read-side
async function openReadSide(connection: RedisConnection, reader: JournalReader) {
  const { readModels, subscriptions, close: closeRedis } = await redisDatabase({ connection });
  const app = await createApp({
    name: 'shop',
    handlers,
    roles: ['projections', 'queries'],
    database: { reader, subscriptions, readModels },
  });
  await app.start();
  const close = async () => {
    await app.stop();
    await closeRedis();
  };
  return { app, close };
}
// #endregion

async function openWriteSide(database: MemoryDatabase) {
  const app = await createApp({ name: 'shop', handlers, roles: ['commands'], database });
  await app.start();
  return app;
}

describe.skipIf(redisProgram === undefined)('a read side in Redis alone', () => {
  let place: RedisPlace;
  beforeAll(async () => {
    place = await clusterPlace();
  });
  afterAll(() => place?.close());

  test('promise 5: shows what another process wrote, and so does the next one, from where the first stopped', async () => {
    const database = memoryDatabase();
    const left = await openWriteSide(database);
    for (const orderId of ['1', '2']) {
      const right = await openReadSide(place.connection, database.reader);
      const { consistency: after } = await left.commands.dispatch(new PlaceOrder({ orderId, total: 500 }));
      expect(await right.app.queries.execute(new TotalOf({ orderId }), { after })).toBe(500);
      await right.close();
    }
    await left.stop();
  });
});
