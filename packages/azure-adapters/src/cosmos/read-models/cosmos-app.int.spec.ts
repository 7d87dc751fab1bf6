import { startCosmos } from '@diptych/azure-emulators';
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
import { cosmosDatabase } from '../requests/cosmos-database.js';
import { cosmosSubscriptions } from '../subscriptions/open-subscriptions.js';
import { cosmosReadModels } from './open-read-models.js';

const order = z.object({ orderId: z.string(), customer: z.string() });
class PlaceOrder extends command('shop.PlaceOrder', order) {}
class OrderPlaced extends event('shop.OrderPlaced', order) {}
class OrderOf extends query('shop.OrderOf', z.object({ orderId: z.string() })).returns<
  { customer: string } | undefined
>() {}

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

const orderOf = queryHandler(
  OrderOf,
  { inject: [readModel(orders)], authorize: anyone },
  async ({ orderId }, _context, model) => model.get(orderId),
);

const handlers = [placeOrder, orders, orderOf];

// #region open
async function openShop(write: Omit<WritableDatabase, 'readModels'>, connectionString: string) {
  const cosmos = await cosmosDatabase({ connection: connectionString, database: 'shop' });
  const readModels = await cosmosReadModels({
    database: cosmos,
    partitionBy: { customers: 'tenant', orders: 'document' },
  });
  const app = await createApp({ name: 'shop', handlers, database: { ...write, readModels } });
  await app.start();
  const close = async () => {
    await app.stop();
    await cosmos.close();
  };
  return { app, close };
}
// #endregion

describe('an app with its read models in Cosmos DB', () => {
  let cosmos: Awaited<ReturnType<typeof startCosmos>>;
  beforeAll(async () => {
    cosmos = await startCosmos({ replicationLagInMs: 60_000 });
  });
  afterAll(() => cosmos?.stop());

  test('promise 5: a query reads what was just written, in another process as well, where replicas lag', async () => {
    const { writeStore, reader } = memoryDatabase();
    const { connectionString } = cosmos;
    const database = await cosmosDatabase({ connection: connectionString, database: 'shop' });
    const subscriptions = await cosmosSubscriptions({ database });
    const open = () => openShop({ writeStore, reader, subscriptions }, connectionString);
    const [one, other] = [await open(), await open()];
    for (const orderId of ['1', '2/ü', '3']) {
      const { consistency } = await one.app.commands.dispatch(new PlaceOrder({ orderId, customer: 'ada' }));
      const asked = { after: consistency };
      const found = await other.app.queries.execute(new OrderOf({ orderId }), asked);
      expect(found).toMatchObject({ customer: 'ada' });
    }
    await one.close();
    await other.close();
    await database.close();
  });
});
