import type { SqlTransaction } from '@diptych/azure-adapters/sql';
import { anyone, type CommandContext, command, commandHandler, createApp, event } from '@diptych/core';
import mssql from 'mssql';
import { z } from 'zod';
import type { Case } from '../harness/measure.js';
import type { Work } from '../harness/work.js';
import { bindRows, insertRows, orderNumber } from './orders.js';
import type { Ground } from './server.js';

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
 * So many commands at a time, each with an id from outside: two rows, one event, one inbox mark. The whole pipeline as it
 * is shipped; the app is not started, so that nothing follows the journal.
 */
export async function ourCommands(work: Work, { database, schema }: Ground, atOnce: number): Promise<Case> {
  const place = commandHandler(
    PlaceOrder,
    { authorize: anyone },
    async (data, { session }: CommandContext<string, SqlTransaction>) => {
      await bindRows(new mssql.Request(await session.native()), data).query(insertRows(schema));
      session.append(`order-${data.orderId}`, 'none', [new OrderPlaced(data)]);
      return 'done';
    },
  );
  const { commands } = await createApp({
    name: 'bench',
    handlers: [place],
    messages: [OrderPlaced],
    database,
  });
  let next = 0;
  const one = () => {
    const data = orderNumber(++next);
    return commands.dispatch(new PlaceOrder(data), { id: `place-${data.orderId}` });
  };
  return {
    name: 'ours',
    async call() {
      await Promise.all(Array.from({ length: atOnce }, one));
      return work.handle();
    },
  };
}
