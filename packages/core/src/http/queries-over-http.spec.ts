import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DiptychError } from '../errors/diptych-error.js';
import { query } from '../messages/query.js';
import type { ExecuteQueryOptions } from '../queries/query-bus.js';
import type { HttpApp } from './http-app.js';
import { httpHandler } from './http-handler.js';

class OrdersByCustomer extends query('shop.OrdersByCustomer', z.record(z.string(), z.unknown())) {}
class SalesByCountry extends query('shop.SalesByCountry').returns(
  z.array(z.object({ country: z.string() })),
) {}

it.each([
  ['basePath', { basePath: 'api' }],
  ['maxBodyBytes', { maxBodyBytes: Number.NaN }],
  ['maxDepth', { maxDepth: -1 }],
])('the handler refuses a %s that cannot be', (option, options) => {
  const make = () => httpHandler({ app: {} as HttpApp, identify: () => undefined, ...options });
  expect(make).toThrow(expect.objectContaining({ code: 'option-invalid', details: { option } }));
});

const after = 'inc1;3:0000000000000000000a';

function shop(execute: (query: object) => unknown = (query) => ({ ...query })) {
  const asked: (ExecuteQueryOptions | undefined)[] = [];
  const app = {
    commands: {},
    queries: {
      async execute(query: object, options?: ExecuteQueryOptions) {
        asked.push(options);
        return execute(query);
      },
    },
    messages: {
      find(kind: string, name: string) {
        if (kind !== 'query') return undefined;
        if (name === 'shop.OrdersByCustomer') return { type: OrdersByCustomer, reach: 'public' };
        if (name !== 'shop.SalesByCountry') return undefined;
        return { type: SalesByCountry, reach: 'public', cacheControl: 'private, max-age=60' };
      },
    },
  } as unknown as HttpApp;
  const handle = httpHandler({ app, identify: () => undefined });
  const ask = (path: string, init?: RequestInit) =>
    handle(new Request(`http://shop.test/queries/${path}`, init));
  return { ask, asked };
}

const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('a query over HTTP', () => {
  it.each([
    ['status=open&limit=20&open=true', { status: 'open', limit: 20, open: true }],
    ['tag=a&tag=2&tag=', { tag: ['a', 2, ''] }],
    ['q=%7B%22a%22%3A%5B1%5D%7D', { q: { a: [1] } }],
    [
      'sku=%2220725%22&zip=00123&none=null&text=%7Bnot',
      { sku: '20725', zip: '00123', none: null, text: '{not' },
    ],
    ['', {}],
  ])('takes its data from ?%s', async (search, data) => {
    const response = await shop().ask(`shop.OrdersByCustomer?${search}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(data);
  });

  it('takes its data from a posted body', async () => {
    const init = { method: 'POST', body: '{"a":[1]}', headers: { 'content-type': 'application/json' } };
    const response = await shop().ask('shop.OrdersByCustomer?b=1', init);
    expect(await response.json()).toEqual({ a: [1] });
    expect(response.headers.has('etag')).toBe(false);
  });

  it('answers null where there is no result, and only what the result schema names', async () => {
    expect(await (await shop(() => undefined).ask('shop.OrdersByCustomer')).text()).toBe('null');
    const sales = shop(() => [{ country: 'France', secret: 1 }]);
    expect(await (await sales.ask('shop.SalesByCountry')).json()).toEqual([{ country: 'France' }]);
  });

  it('promise 5: asks to be as fresh as the receipt in Diptych-After', async () => {
    const { ask, asked } = shop();
    await ask('shop.OrdersByCustomer', { headers: { 'diptych-after': after } });
    await ask('shop.OrdersByCustomer');
    expect(asked[0]?.after).toBe(after);
    expect(asked[1]?.after).toBeUndefined();
  });

  it.each([
    ['wait=10', 10_000],
    ['respond-async, wait="2"', 2_000],
    ['Wait = 0', 0],
    ['wait=-1', undefined],
    ['wait=soon', undefined],
  ])('promise 5: waits as long as the caller would: Prefer: %s', async (prefer, afterTimeoutInMs) => {
    const { ask, asked } = shop();
    const response = await ask('shop.OrdersByCustomer', { headers: { 'diptych-after': after, prefer } });
    expect(asked[0]?.afterTimeoutInMs).toBe(afterTimeoutInMs);
    expect(response.headers.get('preference-applied')).toBe(
      afterTimeoutInMs === undefined ? null : `wait=${afterTimeoutInMs / 1_000}`,
    );
    await ask('shop.OrdersByCustomer', { headers: { prefer } });
    expect(asked[1]?.afterTimeoutInMs).toBeUndefined();
  });

  it('refuses a Diptych-After that is none', async () => {
    const { ask, asked } = shop();
    const response = await ask('shop.OrdersByCustomer', { headers: { 'diptych-after': 'inc1;3:yesterday' } });
    expect([response.status, (await bodyOf(response)).code]).toEqual([400, 'invalid-consistency']);
    expect(asked).toEqual([]);
  });

  it.each([
    ['after-timeout', '1'],
    ['after-too-many', '1'],
    ['after-parked', null],
  ])(
    'promise 5: says that the command itself succeeded when freshness cannot be had: %s',
    async (code, retryAfter) => {
      const { ask } = shop(() => {
        throw new DiptychError({ code, message: 'm', origin: 'infrastructure', details: { key: 'secret' } });
      });
      const response = await ask('shop.OrdersByCustomer', { headers: { 'diptych-after': after } });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, retryAfter]);
      expect(await response.text()).toMatch(/^(?!.*secret).*command itself succeeded/);
    },
  );
});

describe('caching of queries', () => {
  it('is off unless the query says otherwise, and heeds credentials', async () => {
    const { ask } = shop(() => []);
    expect((await ask('shop.OrdersByCustomer')).headers.get('cache-control')).toBe('no-store');
    const cached = await ask('shop.SalesByCountry');
    expect(cached.headers.get('cache-control')).toBe('private, max-age=60');
    expect(cached.headers.get('vary')).toBe('Authorization, Cookie, Diptych-After');
  });

  it('answers 304 to a caller who has the same body', async () => {
    const { ask } = shop();
    const tag = (await ask('shop.OrdersByCustomer?a=1')).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{24}"$/);
    for (const header of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await ask('shop.OrdersByCustomer?a=1', { headers: { 'if-none-match': header } });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
    }
    const changed = await ask('shop.OrdersByCustomer?a=2', { headers: { 'if-none-match': tag } });
    expect([changed.status, await changed.json()]).toEqual([200, { a: 2 }]);
  });

  it('answers HEAD as GET without the body, errors too', async () => {
    const { ask } = shop();
    const [head, got] = [
      await ask('shop.OrdersByCustomer', { method: 'HEAD' }),
      await ask('shop.OrdersByCustomer'),
    ];
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect([...head.headers]).toEqual([...got.headers]);
    const missing = await ask('shop.Nothing', { method: 'HEAD' });
    expect([missing.status, await missing.text()]).toEqual([404, '']);
  });
});
