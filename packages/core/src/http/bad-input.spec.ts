import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { command } from '../messages/command.js';
import { query } from '../messages/query.js';
import type { HttpApp } from './http-app.js';
import { httpHandler } from './http-handler.js';
import type { Problem } from './problem.js';

class PlaceOrder extends command(
  'shop.PlaceOrder',
  z.object({ lines: z.array(z.object({ quantity: z.number().int() })) }).loose(),
) {}
class OrderDetails extends query('shop.OrderDetails', z.object({ orderId: z.string() })) {}

function shop(maxBodyBytes?: number) {
  const handled: object[] = [];
  const run = async (message: object) => {
    handled.push(message);
    return { messageId: 'm1', consistency: 'i' };
  };
  const app = {
    commands: { dispatch: run, send: run },
    queries: { execute: run },
    messages: {
      find(kind: string, name: string) {
        if (name === 'shop.PlaceOrder' && kind === 'command') return { type: PlaceOrder, reach: 'public' };
        if (name === 'shop.OrderDetails' && kind === 'query') return { type: OrderDetails, reach: 'public' };
        return undefined;
      },
    },
  } as unknown as HttpApp;
  const identify = () => undefined;
  const handle = httpHandler({ app, identify, ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }) });
  return { handle, handled };
}

/** Sends it, and gives the problem back when nothing reached the app. */
async function refusal(
  path: string,
  init: RequestInit & { readonly duplex?: 'half' },
  maxBodyBytes?: number,
) {
  const { handle, handled } = shop(maxBodyBytes);
  const response = await handle(new Request(`http://shop.test${path}`, init));
  expect(handled).toEqual([]);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Problem;
  expect(problem.status).toBe(response.status);
  expect(JSON.stringify(problem)).not.toMatch(/"stack"|\.ts:/);
  return { response, problem };
}

const json = { 'content-type': 'application/json' };
const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = json) => ({
  method: 'POST',
  body,
  headers,
});
const placeOrder = '/commands/shop.PlaceOrder';

describe('bad input over HTTP', () => {
  it('is refused with the place of every fault when it does not fit the schema', async () => {
    const body = JSON.stringify({ lines: [{ quantity: 1 }, { quantity: 1.5 }, {}] });
    const { problem } = await refusal(placeOrder, post(body));
    expect(problem).toMatchObject({
      status: 400,
      code: 'invalid-message',
      path: ['lines', 1, 'quantity'],
      faults: [{ path: ['lines', 1, 'quantity'] }, { path: ['lines', 2, 'quantity'] }],
      details: { wireName: 'shop.PlaceOrder' },
      retryable: false,
    });
  });

  it.each(['null', '[]', '"text"', '5'])(
    'is refused when the data is %s, which is no object',
    async (body) => {
      expect((await refusal(placeOrder, post(body))).problem).toMatchObject({
        code: 'invalid-message',
        path: [],
      });
    },
  );

  it('is held against the schema when there is no body', async () => {
    const { problem } = await refusal(placeOrder, { method: 'POST' });
    expect(problem).toMatchObject({ code: 'invalid-message', path: ['lines'] });
  });

  it.each(['{', ' ', '{"lines":[],}', 'lines=1', '\u0000'])(
    'is refused when the body %j is not JSON',
    async (body) => {
      expect((await refusal(placeOrder, post(body))).problem).toMatchObject({
        status: 400,
        code: 'malformed-json',
      });
    },
  );

  it.each([
    ['{"__proto__":{"admin":true},"lines":[]}', ['__proto__']],
    ['{"\\u005f_proto__":1,"lines":[]}', ['__proto__']],
    ['{"lines":[{"quantity":1,"x":{"constructor":{"prototype":{}}}}]}', ['lines', 0, 'x', 'constructor']],
    ['{"lines":[],"a":[[{"prototype":1}]]}', ['a', 0, 0, 'prototype']],
  ])('is refused when %s could change a prototype', async (body, path) => {
    const { problem } = await refusal(placeOrder, post(body));
    expect(problem).toMatchObject({ status: 400, code: 'forbidden-key', path });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each([
    ['__proto__=1', ['__proto__']],
    ['constructor=1', ['constructor']],
    ['a=1&orderId=%7B%22__proto__%22%3A1%7D', ['orderId', '__proto__']],
    ['orderId=1&orderId=%7B%22prototype%22%3A1%7D', ['orderId', 1, 'prototype']],
  ])('is refused when the parameters %s could', async (search, path) => {
    const { problem } = await refusal(`/queries/shop.OrderDetails?${search}`, {});
    expect(problem).toMatchObject({ status: 400, code: 'forbidden-key', path });
  });

  it('is refused when it is nested too deep, however deep', async () => {
    for (const depth of [65, 400_000]) {
      const body = `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
      expect((await refusal(placeOrder, post(body))).problem).toMatchObject({
        status: 400,
        code: 'too-deep',
      });
    }
    const deepest = `{"lines":[],"a":${'['.repeat(63)}${']'.repeat(63)}}`;
    expect((await shop().handle(new Request(`http://shop.test${placeOrder}`, post(deepest)))).status).toBe(
      200,
    );
  });

  it.each([
    {},
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/jsonx' },
    { 'content-type': 'application/json; charset=latin1' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  ])('is refused when it comes as %j', async (headers) => {
    const body = new TextEncoder().encode('{"lines":[]}');
    const { problem } = await refusal(placeOrder, post(body, headers as Record<string, string>));
    expect(problem).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('is refused as text/plain also without a body, so that no form of another site can send it', async () => {
    const { problem } = await refusal(placeOrder, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
    });
    expect(problem.code).toBe('unsupported-media-type');
  });

  it.each(['application/json', 'Application/JSON; Charset="UTF-8"', 'application/json;charset=utf8'])(
    'is not what %s is',
    async (type) => {
      const init = post('{"lines":[]}', { 'content-type': type });
      expect((await shop().handle(new Request(`http://shop.test${placeOrder}`, init))).status).toBe(200);
    },
  );

  it('is refused when the bytes are not UTF-8', async () => {
    const { problem } = await refusal(placeOrder, post(new Uint8Array([0x22, 0xc3, 0x28, 0x22])));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-encoding' });
  });

  it('is refused when the body breaks off', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) });
    const { problem } = await refusal(placeOrder, { ...post(body), duplex: 'half' });
    expect(problem).toMatchObject({ status: 400, code: 'body-incomplete' });
  });
});

describe('a body over the limit', () => {
  it('is refused above 1 MiB by default, and taken at it', async () => {
    const body = (size: number) => `{"lines":[],"a":"${'x'.repeat(size - 19)}"}`.padEnd(size);
    const { response, problem } = await refusal(placeOrder, post(body(1_048_577)));
    expect(problem).toMatchObject({ code: 'body-too-large', details: { maxBodyBytes: 1_048_576 } });
    expect(response.status).toBe(413);
    const taken = new Request(`http://shop.test${placeOrder}`, post(body(1_048_576)));
    expect((await shop().handle(taken)).status).toBe(200);
  });

  it('is read no further than the limit when nobody said how long it is', async () => {
    let pulled = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(100));
      },
      cancel() {
        cancelled = true;
      },
    });
    const { problem } = await refusal(placeOrder, { ...post(body), duplex: 'half' }, 1000);
    expect(problem.code).toBe('body-too-large');
    expect(pulled).toBeLessThanOrEqual(13);
    expect(cancelled).toBe(true);
  });

  it('is not read at all when its length is announced', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { ...json, 'content-length': '1001' };
    const { problem } = await refusal(placeOrder, { ...post(body, headers), duplex: 'half' }, 1000);
    expect([problem.code, pulled]).toEqual(['body-too-large', 0]);
  });
});

describe('a wrong address over HTTP', () => {
  it.each([
    '/',
    '/commands',
    '/commands/',
    '/queries/a/b',
    '/commands/status/',
    '/command/x',
    '/queries/%ff',
    '//',
  ])('is %s', async (path) => {
    expect((await refusal(path, { method: 'POST' })).problem).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });

  it.each(['shop.OrderDetails', 'shop.Nothing', 'status', '__proto__', 'toString'])(
    'is the command %s, which is none',
    async (name) => {
      const { problem } = await refusal(`/commands/${name}`, post('{"lines":[]}'));
      expect(problem).toMatchObject({ status: 404, code: 'unknown-message' });
    },
  );

  it.each([
    ['GET', placeOrder, 'POST'],
    ['PUT', '/commands/shop.Nothing', 'POST'],
    ['DELETE', '/queries/shop.OrderDetails', 'GET, HEAD, POST'],
    ['OPTIONS', '/commands/status/x', 'GET, HEAD'],
  ])('has another method: %s %s', async (method, path, allow) => {
    const { response, problem } = await refusal(path, { method });
    expect([problem.status, problem.code]).toEqual([405, 'method-not-allowed']);
    expect(response.headers.get('allow')).toBe(allow);
  });
});
