import {
  anyone,
  type CommandContext,
  command,
  commandHandler,
  createApp,
  defineProjection,
  event,
  query,
  queryHandler,
  readModel,
} from '@diptych/core';
import { type SqliteTransaction, sqliteDatabase } from '@diptych/sqlite-adapters';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryFile } from './fixtures/temporary-file.js';

const order = z.object({ orderId: z.string(), total: z.number().int() });
class PlaceOrder extends command('shop.PlaceOrder', order) {}
class OrderPlaced extends event('shop.OrderPlaced', order) {}
class TotalOf extends query('shop.TotalOf', z.object({ orderId: z.string() })).returns<number>() {}

// #region handler
const placeOrder = commandHandler(
  PlaceOrder,
  { authorize: anyone },
  async ({ orderId, total }, { session }: CommandContext<unknown, SqliteTransaction>) => {
    const rows = await session.native();
    rows.run('INSERT INTO orders (id, total) VALUES (?, ?)', orderId, total);
    session.append(`order-${orderId}`, 'none', [new OrderPlaced({ orderId, total })]);
  },
);
// #endregion

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

// #region open
async function openShop(path: string) {
  const database = await sqliteDatabase({
    path,
    migrations: [
      { name: 'orders', sql: 'CREATE TABLE orders (id TEXT PRIMARY KEY, total INTEGER NOT NULL)' },
    ],
  });
  const app = await createApp({ name: 'shop', handlers: [placeOrder, orders, totalOf], database });
  await app.start();
  const close = async () => {
    await app.stop();
    await database.close();
  };
  return { app, database, close };
}
// #endregion

test('promise 8: a program that is stopped and started again has its rows, its events and its read models', async () => {
  const path = temporaryFile();
  const first = await openShop(path);
  const { consistency } = await first.app.commands.dispatch(new PlaceOrder({ orderId: '1', total: 500 }));
  expect(await first.app.queries.execute(new TotalOf({ orderId: '1' }), { after: consistency })).toBe(500);
  await first.close();

  const second = await openShop(path);
  expect(await second.app.queries.execute(new TotalOf({ orderId: '1' }), { after: consistency })).toBe(500);
  expect(second.database.rows.all('SELECT id, total FROM orders')).toMatchObject([{ id: '1', total: 500 }]);
  await second.close();
});

test('promise 1: a command that fails leaves neither its row nor its event', async () => {
  const { app, database, close } = await openShop(temporaryFile());
  await app.commands.dispatch(new PlaceOrder({ orderId: '1', total: 500 }));
  await expect(app.commands.dispatch(new PlaceOrder({ orderId: '1', total: 700 }))).rejects.toThrow('UNIQUE');
  expect(database.rows.all('SELECT total FROM orders')).toMatchObject([{ total: 500 }]);
  expect(await database.writeStore.loadStream({ tenant: 'default', name: 'order-1' })).toHaveLength(1);
  await close();
});
