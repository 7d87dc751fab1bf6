import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCaughtUp } from './caught-up.js';
import { PayOrder } from './pay-order/pay-order.js';
import { PlaceOrder } from './place-order/place-order.js';
import { ShipOrder } from './ship-order/ship-order.js';
import { type ServedShop, serveShop } from './testing/served-shop.js';

const lantern = { productCode: '71053', description: 'White metal lantern', quantity: 6, price: '3.39' };
const operator = { id: 'operator', roles: ['operator'] };
const order = { customerId: '17850', country: 'France', lines: [lantern] };

/** A body that each command takes, of orders that stand so that it can. */
const commands: Readonly<Record<string, object>> = {
  'shop.PlaceOrder': { ...order, placedAt: '2010-12-01T08:26:00Z' },
  'shop.PayOrder': { orderId: '536365' },
  'shop.ShipOrder': { orderId: '536366' },
  'shop.CancelOrder': { orderId: '536367', reason: 'too late' },
  'shop.ReturnGoods': { ...order, orderId: '536368', lines: [{ ...lantern, quantity: -1 }] },
  'shop.OfferProduct': { productCode: 'A1', name: 'Lantern', price: '2' },
};

const queries: Readonly<Record<string, object>> = {
  'shop.SearchProducts': { text: 'lantern', limit: 5 },
  'shop.OrderDetails': { orderId: '536365' },
  'shop.OrderTimeline': { orderId: '536365' },
  'shop.OrdersByCustomer': { customerId: '17850', status: 'placed', limit: 5, after: 'x' },
  'shop.OrdersByStatus': { status: 'paid', limit: 5, after: 'x' },
  'shop.Customer': { customerId: '17850' },
  'shop.Customers': { limit: 5, after: 'x' },
  'shop.StockLevels': { productCodes: ['71053'], limit: 5, after: 'x' },
  'shop.SalesByCountry': {},
};

/** What people, and those who mean no good, put into fields. */
const anyInput = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    ' ',
    null,
    true,
    0,
    -1,
    1.5,
    -0,
    1e308,
    Number.MAX_SAFE_INTEGER,
    '99999999999999999999999',
    '-5',
    '1e5',
    'NaN',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '{{7*7}}',
    "'; DROP TABLE orders; --",
    '../../etc/passwd',
    '🏮👩‍👩‍👧‍👦',
    '\u202Eمصباح أبيض',
    '\u0000',
    '\uD800',
    '__proto__',
    'constructor',
    [],
    {},
    [[]],
    'x'.repeat(100_000),
  ),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.jsonValue(),
  fc.integer(),
  fc.double(),
);

/** The places of a body that hold something, lines and their fields too. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...path, name]))];
}

function withInput(value: unknown, [name, ...rest]: readonly string[], input: unknown): unknown {
  if (name === undefined) return input;
  const inner = (value as Record<string, unknown>)[name];
  const changed = { ...(value as object), [name]: withInput(inner, rest, input) };
  return Array.isArray(value) ? Object.values(changed) : changed;
}

/** A message of which one field, or several, hold what they should not. */
const badMessages = (messages: Readonly<Record<string, object>>) =>
  fc.constantFrom(...Object.entries(messages)).chain(([name, body]) => {
    const change = fc.tuple(fc.constantFrom(...placesOf(body)), anyInput);
    return fc
      .array(change, { minLength: 1, maxLength: 3 })
      .map((changes) => ({ name, body: changes.reduce<unknown>(applied, body) }));
  });

function applied(body: unknown, [path, input]: readonly [readonly string[], unknown]): unknown {
  try {
    return withInput(body, path, input);
  } catch {
    // An earlier change left nothing there to change.
    return body;
  }
}

describe('bad input', () => {
  let served: ServedShop;
  beforeAll(async () => {
    served = await serveShop();
    const { commands: bus } = served.shop;
    for (const id of ['536365', '536366', '536367', '536368'])
      await bus.execute(new PlaceOrder(order), { id, subject: operator });
    for (const orderId of ['536366', '536368'])
      await bus.execute(new PayOrder({ orderId }), { subject: operator });
    await bus.execute(new ShipOrder({ orderId: '536368' }), { subject: operator });
  });
  afterAll(() => served.stop());

  function send(path: string, body: unknown, identity: string): Promise<Response> {
    return fetch(`${served.url}/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Shop-Identity': identity },
      body: JSON.stringify(body) ?? '',
    });
  }

  /** Answers are JSON that says what is wrong: never a fault of the program, never anything that a browser runs. */
  async function expectAnswer(response: Response, sent: unknown): Promise<void> {
    const text = await response.text();
    const said = `${JSON.stringify(sent)?.slice(0, 300)} → ${response.status} ${text.slice(0, 300)}`;
    expect(response.status, said).toBeLessThan(500);
    expect(response.headers.get('Content-Type'), said).toMatch(/^application\/(problem\+)?json/);
    expect(response.headers.get('X-Content-Type-Options'), said).toBe('nosniff');
    const answer: unknown = JSON.parse(text);
    if (!response.ok) expect(answer, said).toMatchObject({ code: expect.stringMatching(/^[a-z-]+$/) });
  }

  const who = fc.constantFrom('17850', 'operator');
  const runs = { numRuns: process.env.DIPTYCH_LONG === '1' ? 3_000 : 300 };

  it('in a command is refused or taken, never a fault of the program, and never stops a read model', async () => {
    await fc.assert(
      fc.asyncProperty(badMessages(commands), who, async ({ name, body }, identity) => {
        await expectAnswer(await send(`commands/${name}`, body, identity), { name, body });
      }),
      runs,
    );
    await allCaughtUp(served.shop);
    expect(await served.shop.operations.parked()).toEqual([]);
    expect(served.failures).toEqual([]);
  }, 60_000);

  it('in a query is refused or answered, never a fault of the program', async () => {
    await fc.assert(
      fc.asyncProperty(badMessages(queries), who, async ({ name, body }, identity) => {
        await expectAnswer(await send(`queries/${name}`, body, identity), { name, body });
      }),
      runs,
    );
    expect(served.failures).toEqual([]);
  }, 60_000);

  it.each([
    ['huge', 'x'.repeat(2_000_000), 413],
    ['empty', '', 400],
    ['no JSON', '<xml/>', 400],
    ['deep', '['.repeat(10_000), 400],
    ['half of it', '{"customerId":', 400],
  ])('as a body that is %s is refused', async (_what, body, status) => {
    const response = await fetch(`${served.url}/commands/shop.PlaceOrder`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Shop-Identity': '17850' },
      body,
    });
    expect(response.status).toBe(status);
    await expectAnswer(response, body.slice(0, 20));
  });
});
