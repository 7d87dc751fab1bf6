import { startCosmos } from '@diptych/azure-emulators';
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
  type ReadModelStore,
  readModel,
} from '@diptych/core';
import { type MemoryDatabase, memoryDatabase } from '@diptych/core/memory';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { cosmosDatabase } from '../requests/cosmos-database.js';
import { cosmosSubscriptions } from './open-subscriptions.js';

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
async function openReadSide(connectionString: string, reader: JournalReader, readModels: ReadModelStore) {
  const database = await cosmosDatabase({ connection: connectionString, database: 'shop' });
  const subscriptions = await cosmosSubscriptions({ database });
  const app = await createApp({
    name: 'shop',
    handlers,
    roles: ['projections', 'queries'],
    database: { reader, subscriptions, readModels },
  });
  await app.start();
  const close = async () => {
    await app.stop();
    await database.close();
  };
  return { app, close };
}
// #endregion

async function openWriteSide(database: MemoryDatabase) {
  const app = await createApp({ name: 'shop', handlers, roles: ['commands'], database });
  await app.start();
  return app;
}

test('promise 5: a read side with its checkpoints in Cosmos DB shows what another process wrote, and so does the next one', async () => {
  const cosmos = await startCosmos({ config: { databases: [{ id: 'shop' }] } });
  const database = memoryDatabase();
  const { reader, readModels } = database;
  const left = await openWriteSide(database);
  for (const orderId of ['1', '2']) {
    // A process that takes over from the one before goes on where that stopped.
    const right = await openReadSide(cosmos.connectionString, reader, readModels);
    const { consistency: after } = await left.commands.dispatch(new PlaceOrder({ orderId, total: 500 }));
    expect(await right.app.queries.execute(new TotalOf({ orderId }), { after })).toBe(500);
    await right.close();
  }
  await left.stop();
  await cosmos.stop();
});
