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
  type ReadModel,
  readModel,
} from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../queries/sql-fragment.js';
import { cosmosDatabase } from '../requests/cosmos-database.js';
import { inCosmos } from './in-cosmos.js';
import { cosmosReadModels } from './open-read-models.js';

const order = z.object({ orderId: z.string(), customer: z.string(), cents: z.number().int() });
type Order = z.infer<typeof order>;
class PlaceOrder extends command('shop.PlaceOrder', order) {}
class OrderPlaced extends event('shop.OrderPlaced', order) {}

interface Spent {
  readonly customer: string;
  readonly orders: number;
  readonly cents: number;
}
class BestCustomers extends query('shop.BestCustomers', z.object({ atLeast: z.number().int() })).returns<
  readonly Spent[]
>() {}

const placeOrder = commandHandler(PlaceOrder, { authorize: anyone }, async (placed, { session }) => {
  session.append(`order-${placed.orderId}`, 'none', [new OrderPlaced({ ...placed })]);
});
const orders = defineProjection<Order>({ name: 'orders', version: 1 }).on(
  OrderPlaced,
  ({ orderId }) => orderId,
  (placed) => ({ ...placed }),
);

// #region query
const spentBy = async ({ atLeast }: BestCustomers, _context: unknown, model: ReadModel<Order>) => {
  const { rows } = await inCosmos(model).query<Spent>(sql`
    SELECT d.customer, COUNT(1) AS orders, SUM(d.cents) AS cents
    FROM d WHERE d.cents >= ${atLeast} GROUP BY d.customer`);
  return rows;
};
// #endregion

const bestCustomers = queryHandler(
  BestCustomers,
  { inject: [readModel(orders)], authorize: anyone },
  spentBy,
);

test('promise 5: a query handler asks in Cosmos DB’s SQL, and finds what was just written', async () => {
  const cosmos = await startCosmos();
  const database = await cosmosDatabase({ connection: cosmos.connectionString, database: 'shop' });
  const readModels = await cosmosReadModels({ database });
  const handlers = [placeOrder, orders, bestCustomers];
  const app = await createApp({
    name: 'shop',
    handlers,
    database: { ...memoryDatabase(), readModels },
  });
  await app.start();
  const place = async (orderId: string, customer: string, cents: number) =>
    (await app.commands.dispatch(new PlaceOrder({ orderId, customer, cents }))).consistency;
  await place('1', 'ada', 500);
  await place('2', 'bob', 50);
  const after = await place('3', 'ada', 700);
  expect(await app.queries.execute(new BestCustomers({ atLeast: 100 }), { after })).toEqual([
    { customer: 'ada', orders: 2, cents: 1_200 },
  ]);
  await app.stop();
  await database.close();
  await cosmos.stop();
});
