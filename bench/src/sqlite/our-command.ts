import { anyone, type CommandContext, command, commandHandler, createApp, event } from '@diptych/core';
import { type Durability, type SqliteTransaction, sqliteDatabase } from '@diptych/sqlite-adapters';
import { z } from 'zod';
import type { Work } from '../harness/work.js';
import type { OpenCase } from './open-case.js';
import { insertLine, insertOrder, orderNumber, orderTables } from './order-tables.js';
import { temporaryFile } from './temporary-file.js';

const order = z.object({
  orderId: z.string(),
  customer: z.string(),
  total: z.string(),
  product: z.string(),
  quantity: z.int(),
});

class PlaceOrder extends command('bench.PlaceOrder', order).returns<string>() {}
class OrderPlaced extends event('bench.OrderPlaced', order) {}

/**
 * A command with an id from outside: two rows, one event, one inbox mark. The whole pipeline as it is shipped; the app
 * is not started, so that nothing follows the journal.
 */
export async function ourCommand(work: Work, durability: Durability): Promise<OpenCase> {
  const database = await sqliteDatabase({ path: temporaryFile(), durability, migrations: orderTables });
  const place = commandHandler(
    PlaceOrder,
    { authorize: anyone },
    async (
      { orderId, customer, total, product, quantity },
      { session }: CommandContext<string, SqliteTransaction>,
    ) => {
      const rows = await session.native();
      rows.run(insertOrder, orderId, customer, total);
      rows.run(insertLine, orderId, 1, product, quantity);
      session.append(`order-${orderId}`, 'none', [
        new OrderPlaced({ orderId, customer, total, product, quantity }),
      ]);
      return work.handle();
    },
  );
  const { commands } = await createApp({
    name: 'bench',
    handlers: [place],
    messages: [OrderPlaced],
    database,
  });
  let next = 0;
  return {
    name: 'ours',
    call() {
      const data = orderNumber(++next);
      return commands.dispatch(new PlaceOrder(data), { id: `place-${data.orderId}` });
    },
    close: () => database.close(),
  };
}
