import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messagesOverHttp } from './page/messages-over-http.js';
import { page } from './page/page.js';
import { createShop, type Shop } from './shop.js';
import type { ShopStorage } from './storage/shop-storage.js';
import { storages } from './testing/storages.js';

const lantern = { productCode: '71053', description: 'White metal lantern', quantity: 6, price: '3.39' };
const order = { customerId: '17850', country: 'France', lines: [lantern] };

let storage: ShopStorage;
let shop: Shop;
let failures: string[];
let http: ReturnType<typeof page>;

const begin = async (open: (typeof storages)[number]['open']) => {
  failures = [];
  storage = await open();
  shop = await createShop({ storage });
  await shop.start();
  http = page({ messages: messagesOverHttp(shop, (text) => failures.push(text)) });
};
afterEach(async () => {
  await shop.stop();
  await storage.close();
  expect(failures).toEqual([]);
});

const json = { 'Content-Type': 'application/json' };
const as = (identity: string) => ({ 'Shop-Identity': identity });

function send(name: string, body: unknown, headers: Record<string, string> = as('17850')) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return http.request(`http://127.0.0.1/commands/${name}`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: text,
  });
}

function ask(query: string, headers: Record<string, string> = {}) {
  return http.request(`http://127.0.0.1/queries/${query}`, { headers });
}

async function salesNow(): Promise<unknown> {
  return (await ask('shop.SalesByCountry')).json();
}

describe.each(storages)('the shop over HTTP in $name', ({ open }) => {
  beforeEach(() => begin(open));

  it('promise 5: shows an order at once to whoever has its receipt', async () => {
    const placed = await send('shop.PlaceOrder', order);
    expect(placed.status).toBe(200);
    const { result } = (await placed.json()) as { result: { orderId: string } };
    const after = { 'Diptych-After': placed.headers.get('Diptych-Consistency') ?? '' };

    const mine = await ask('shop.OrdersByCustomer?customerId=17850', { ...as('17850'), ...after });
    expect(await mine.json()).toMatchObject({
      customerId: '17850',
      sales: { orders: 1, gross: '20.34', returned: '0', net: '20.34' },
      orders: [{ orderId: result.orderId, status: 'placed', country: 'France', total: '20.34', lines: 1 }],
    });
    const details = await ask(`shop.OrderDetails?orderId=${result.orderId}`, { ...as('17850'), ...after });
    expect(await details.json()).toMatchObject({ orderId: result.orderId, lines: [lantern] });
    const sales = await ask('shop.SalesByCountry', after);
    expect(await sales.json()).toEqual([
      { country: 'France', orders: 1, gross: '20.34', returned: '0', net: '20.34' },
    ]);
  });

  // #region key
  it('promise 4: an order that is sent again under its key is placed once', async () => {
    const key = { ...as('17850'), 'Idempotency-Key': 'k1' };
    const first = await (await send('shop.PlaceOrder', order, key)).json();
    const again = await send('shop.PlaceOrder', order, key);
    expect(await again.json()).toEqual(first);
    const after = { 'Diptych-After': again.headers.get('Diptych-Consistency') ?? '' };
    expect(await (await ask('shop.SalesByCountry', after)).json()).toMatchObject([{ orders: 1 }]);
  });
  // #endregion

  it('finds orders and returns by their status', async () => {
    await send('shop.PlaceOrder', order);
    const returned = await send('shop.ReturnGoods', { ...order, lines: [{ ...lantern, quantity: -1 }] });
    const after = { ...as('17850'), 'Diptych-After': returned.headers.get('Diptych-Consistency') ?? '' };
    const answer = await ask('shop.OrdersByCustomer?customerId=17850&status=returned', after);
    expect(await answer.json()).toMatchObject({ orders: [{ status: 'returned', total: '3.39' }] });
  });

  it.each([
    ['no-customer', { ...order, customerId: '' }, ['customerId']],
    ['quantity', { ...order, lines: [lantern, { ...lantern, quantity: 0 }] }, ['lines', 1, 'quantity']],
    ['price', { ...order, lines: [{ ...lantern, price: '0' }] }, ['lines', 0, 'price']],
  ])('refuses by %s, and says where', async (code, body, path) => {
    const response = await send('shop.PlaceOrder', body);
    expect(response.status).toBe(422);
    expect(response.headers.get('Content-Type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code, details: { path } });
    expect(await salesNow()).toEqual([]);
  });

  it.each<[string, string, unknown, Record<string, string>, number, string]>([
    [
      'a fault of the schema',
      'shop.PlaceOrder',
      { ...order, lines: [{ ...lantern, quantity: 'six' }] },
      {},
      400,
      'invalid-message',
    ],
    ['an unknown field', 'shop.PlaceOrder', { ...order, discount: 1 }, {}, 400, 'invalid-message'],
    ['an unknown wire name', 'shop.GiveAway', order, {}, 404, 'unknown-message'],
    [
      'a command of the shop itself',
      'shop.MoveStock',
      { productCode: 'x', change: 1, cause: 'y' },
      {},
      404,
      'unknown-message',
    ],
    ['malformed JSON', 'shop.PlaceOrder', '{"customerId":', {}, 400, 'malformed-json'],
    ['a polluting key', 'shop.PlaceOrder', '{"__proto__":{"admin":true}}', {}, 400, 'forbidden-key'],
    ['a body over 1 MiB', 'shop.PlaceOrder', `"${'x'.repeat(1_048_576)}"`, {}, 413, 'body-too-large'],
    [
      'another content type',
      'shop.PlaceOrder',
      order,
      { 'Content-Type': 'text/plain' },
      415,
      'unsupported-media-type',
    ],
  ])('answers %s with a problem, and stores nothing', async (_what, name, body, headers, status, code) => {
    const response = await send(name, body, { ...as('17850'), ...headers });
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(JSON.parse(text)).toMatchObject({ code });
    expect(text).not.toMatch(/\.[jt]s:\d|\\n\s+at /);
    expect(await salesNow()).toEqual([]);
  });

  it.each([
    ['a page that never was', 'customerId=17850&after=x', 'page-after'],
    ['a status that there is not', 'customerId=17850&status=lost', 'invalid-message'],
    ['more than a page holds', 'customerId=17850&limit=1000', 'invalid-message'],
    ['no customer', '', 'invalid-message'],
  ])('answers a query for %s with a problem', async (_what, parameters, code) => {
    const response = await ask(`shop.OrdersByCustomer?${parameters}`, as('17850'));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code });
  });

  it('promise 9: lets nobody see or place the orders of another', async () => {
    const { result } = (await (await send('shop.PlaceOrder', order)).json()) as {
      result: { orderId: string };
    };
    expect((await send('shop.PlaceOrder', order, as('12583'))).status).toBe(403);
    expect((await send('shop.PlaceOrder', order, {})).status).toBe(401);
    expect((await ask('shop.OrdersByCustomer?customerId=17850', as('12583'))).status).toBe(403);
    expect((await ask('shop.OrdersByCustomer?customerId=17850')).status).toBe(401);
    expect(await (await ask(`shop.OrderDetails?orderId=${result.orderId}`, as('12583'))).json()).toBeNull();
    expect(await (await ask(`shop.OrderTimeline?orderId=${result.orderId}`, as('12583'))).json()).toBeNull();
    for (const command of ['shop.PayOrder', 'shop.CancelOrder']) {
      const refused = await send(command, { orderId: result.orderId }, as('12583'));
      expect(refused.status).toBe(422);
      expect(await refused.json()).toMatchObject({ code: 'unknown-order' });
    }
    expect((await send('shop.ShipOrder', { orderId: result.orderId })).status).toBe(403);
    expect((await ask('shop.OrdersByStatus?status=placed', as('17850'))).status).toBe(403);
    expect((await ask('shop.OrdersByCustomer?customerId=17850', as('operator'))).status).toBe(200);
  });
});
