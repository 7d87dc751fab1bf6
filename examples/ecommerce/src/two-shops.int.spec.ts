import { describe, expect, it } from 'vitest';
import {
  endOf,
  ordersOfCustomer,
  placeOrder,
  type RunningShop,
  runShopProcess,
} from './testing/running-shop.js';
import { temporaryFolder } from './testing/storages.js';

const commands = ['--roles', 'commands'];
const rest = ['--roles', 'relay,projections,queries'];

describe('two shops on one file, one that takes commands and one that does the rest', () => {
  it('promise 5: what one takes, the other one shows to whoever has the receipt', async () => {
    const folder = temporaryFolder();
    const left = await runShopProcess(folder, commands);
    const right = await runShopProcess(folder, rest);
    const placed = await placeOrder(left, 'one');
    expect(placed.status).toBe(200);
    const seen = await ordersOfCustomer(right, placed.headers.get('Diptych-Consistency'));
    expect(await seen.json()).toMatchObject({ sales: { orders: 1, net: '20.34' } });
    expect((await placeOrder(right, 'two')).status).toBe(404);
    expect((await ordersOfCustomer(left, null)).status).toBe(404);
    expect(await endOf(left, 'SIGTERM')).toBe(0);
    expect(await endOf(right, 'SIGTERM')).toBe(0);
  });

  it('promises 4 and 8: one that was killed remembers what it has answered', async () => {
    const folder = temporaryFolder();
    const right = await runShopProcess(folder, rest);
    const before = await runShopProcess(folder, commands);
    const first = await (await placeOrder(before, 'one')).json();
    await endOf(before, 'SIGKILL');
    const again = await placeOrder(await runShopProcess(folder, commands), 'one');
    expect(await again.json()).toEqual(first);
    const seen = await ordersOfCustomer(right, again.headers.get('Diptych-Consistency'));
    expect(await seen.json()).toMatchObject({ sales: { orders: 1 } });
  });
});

const variable = async (shop: RunningShop, name: string) =>
  /'(.*)'/.exec(await shop.told(`${name}=`))?.[1] ?? '';

describe.each([
  { events: 'service-bus', variables: ['SHOP_SERVICE_BUS'] },
  { events: 'event-grid', variables: ['SHOP_SERVICE_BUS', 'SHOP_EVENT_GRID'] },
])(
  'two shops with a Service Bus for commands and $events for events between them',
  ({ events, variables }) => {
    it('promises 2 and 4: what one takes the other one shows, and what follows from it', async () => {
      const folder = temporaryFolder();
      const environment: Record<string, string> = { SHOP_EVENTS: events };
      const roles = ['--profile', 'emulated', '--roles', 'commands,relay'];
      const left = await runShopProcess(folder, roles, environment);
      for (const name of variables) environment[name] = await variable(left, name);
      const right = await runShopProcess(folder, ['--roles', 'projections,queries'], environment);
      const placed = await placeOrder(left, 'one');
      // Until its read models are made for the first time, it says that they are not ready.
      const ask = () => ordersOfCustomer(right, placed.headers.get('Diptych-Consistency'));
      let seen = await ask();
      while (seen.status === 503) seen = await ask();
      expect(await seen.json()).toMatchObject({ sales: { orders: 1, net: '20.34' } });
      // The order's event sends a command, which comes back over the queue, and moves the stock.
      const stock = async () => {
        const answer = await fetch(`${right.url}/queries/shop.StockLevels?productCodes=["71053"]`);
        return ((await answer.json()) as { levels?: { onHand: number }[] }).levels?.[0]?.onHand;
      };
      for (;;) if ((await stock()) === -6) break;
      expect(await endOf(right, 'SIGTERM')).toBe(0);
      expect(await endOf(left, 'SIGTERM')).toBe(0);
    });
  },
);
