import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { ordersIn, runningCosmos } from '../fixtures/running-cosmos.js';
import type { RunningCosmos } from './cosmos-options.js';

let cosmos: RunningCosmos;
beforeEach(async () => {
  cosmos = await runningCosmos();
});

interface Raw {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const documents = 'dbs/shop/colls/orders/docs';
const keyed = { 'x-ms-documentdb-partitionkey': '["p"]' };
const query = { 'x-ms-documentdb-isquery': 'true', 'content-type': 'application/query+json' };
const batch = { ...keyed, 'x-ms-cosmos-is-batch-request': 'true', 'x-ms-cosmos-batch-atomic': 'true' };

/** Sends what the SDK never would, signed. Gives the status and the code. */
async function send({ method = 'POST', path = documents, headers = {}, body }: Raw) {
  const date = new Date().toUTCString();
  const names = path.split('/');
  const isThing = names.length % 2 === 0;
  const link = (isThing ? names : names.slice(0, -1)).join('/');
  const text = `${method.toLowerCase()}\n${names.at(isThing ? -2 : -1)}\n${link}\n${date.toLowerCase()}\n\n`;
  const signature = createHmac('sha256', Buffer.from(cosmos.key, 'base64')).update(text).digest('base64');
  const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
  const response = await fetch(cosmos.endpoint + path, {
    method,
    headers: { authorization, 'x-ms-date': date, ...headers },
    ...(body !== undefined && { body }),
  });
  const answer = await response.text();
  return { status: response.status, code: answer === '' ? undefined : JSON.parse(answer).code };
}

async function expectToWork(): Promise<void> {
  const orders = ordersIn(cosmos);
  await orders.items.upsert({ id: 'still here', pk: 'p' });
  expect((await orders.item('still here', 'p').read()).statusCode).toBe(200);
}

describe('bodies', () => {
  test.each([
    ['no JSON', '{"id": '],
    ['no object', '"text"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['nothing', undefined],
    ['no id', '{"pk":"p"}'],
    ['an id that is no text', '{"id":1,"pk":"p"}'],
    ['an empty id', '{"id":"","pk":"p"}'],
    ['another key', '{"id":"a","pk":"q"}'],
    ['a key that is an object', '{"id":"a","pk":{"a":1}}'],
    ['200 levels of nesting', `{"id":"a","pk":"p","deep":${'['.repeat(200)}${']'.repeat(200)}}`],
    ['100,000 levels of nesting', `{"id":"a","pk":"p","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('with %s', async (_name, body) => {
    expect(await send({ headers: keyed, ...(body !== undefined && { body }) })).toEqual({
      status: 400,
      code: 'BadRequest',
    });
    await expectToWork();
  });

  test.each(['a/b', 'a\\b', 'a?b', 'a#b', 'a '])('with the id %j', async (id) => {
    expect((await send({ headers: keyed, body: JSON.stringify({ id, pk: 'p' }) })).status).toBe(400);
  });

  test('far too large are refused with a reason, and not with a broken connection', async () => {
    const body = JSON.stringify({ id: 'a', pk: 'p', text: 'x'.repeat(20_000_000) });
    expect(await send({ headers: keyed, body })).toEqual({ status: 413, code: 'RequestEntityTooLarge' });
    await expectToWork();
  });

  test('with names of JavaScript’s own are stored as any other', async () => {
    const body = '{"id":"a","pk":"p","__proto__":{"pk":"q"},"constructor":1}';
    expect((await send({ headers: keyed, body })).status).toBe(201);
    const found = ordersIn(cosmos).items.query(
      'SELECT c["constructor"] AS own, c["__proto__"].pk AS inner, c.toString AS none FROM c',
      { partitionKey: 'p' },
    );
    expect((await found.fetchAll()).resources).toEqual([{ own: 1, inner: 'q' }]);
    expect(({} as { pk?: string }).pk).toBeUndefined();
  });
});

describe('headers', () => {
  const item = '{"id":"a","pk":"p"}';
  test.each([
    ['no key', {}],
    ['a key that is no JSON', { 'x-ms-documentdb-partitionkey': 'p' }],
    ['a key that is no list', { 'x-ms-documentdb-partitionkey': '"p"' }],
    ['a key of no parts', { 'x-ms-documentdb-partitionkey': '[]' }],
    ['a key of too many parts', { 'x-ms-documentdb-partitionkey': '["p","q"]' }],
    ['a key with an object', { 'x-ms-documentdb-partitionkey': '[{"a":1}]' }],
    ['a key of 3,000 letters', { 'x-ms-documentdb-partitionkey': `["${'x'.repeat(3000)}"]` }],
  ])('with %s', async (_name, headers) => {
    expect((await send({ headers: headers as Record<string, string>, body: item })).status).toBe(400);
  });

  test.each([
    ['a page of no items', { 'x-ms-max-item-count': '0' }],
    ['a page of some', { 'x-ms-max-item-count': 'some' }],
    ['a stronger consistency than the account has', { 'x-ms-consistency-level': 'Strong' }],
    ['a session token that is none', { 'x-ms-session-token': 'token' }],
    ['a part of a range', { 'x-ms-start-epk': '05', 'x-ms-end-epk': '06' }],
  ])('with %s', async (_name, headers) => {
    const body = '{"query":"SELECT * FROM c"}';
    expect((await send({ headers: { ...query, ...(headers as Record<string, string>) }, body })).status).toBe(
      400,
    );
  });

  test.each([
    ['a change feed of all versions', { 'a-im': 'Full-Fidelity Feed' }],
    ['a change feed from nowhere', { 'a-im': 'Incremental Feed', 'if-none-match': 'here' }],
    ['a change feed from no time', { 'a-im': 'Incremental Feed', 'if-modified-since': 'once' }],
  ])('with %s', async (_name, headers) => {
    expect((await send({ method: 'GET', headers: headers as Record<string, string> })).status).toBe(400);
  });
});

describe('paths and methods', () => {
  test.each([
    ['PUT', documents, 405],
    ['DELETE', documents, 405],
    ['POST', `${documents}/a`, 405],
    ['PATCH', 'dbs/shop', 405],
    ['GET', 'dbs/none/colls/orders/docs/a', 404],
    ['GET', 'dbs/shop/colls/none/docs/a', 404],
    ['GET', 'dbs/shop/colls/orders/nothing', 404],
    ['GET', 'nothing', 404],
    ['GET', `${documents}/%ff`, 400],
  ])('%s %s', async (method, path, status) => {
    expect((await send({ method, path, headers: keyed })).status).toBe(status);
  });

  test('a container that is not there is told from an item that is not', async () => {
    const database = ordersIn(cosmos).database;
    const [item, container] = ['orders', 'none'].map((id) => database.container(id).item('a', 'p').delete());
    await expect(item).rejects.not.toHaveProperty('substatus', 1003);
    await expect(container).rejects.toMatchObject({ code: 404, substatus: 1003 });
  });
});

describe('batches and patches', () => {
  test.each([
    ['no list', '{}'],
    ['nothing in it', '[]'],
    ['what is no operation', '[1]'],
    [
      '101 operations',
      JSON.stringify(Array.from({ length: 101 }, (_, n) => ({ operationType: 'Read', id: `${n}` }))),
    ],
  ])('a batch of %s', async (_name, body) => {
    expect((await send({ headers: batch, body })).status).toBe(400);
  });

  test('a batch over two megabytes', async () => {
    const text = 'x'.repeat(700_000);
    const operations = ['a', 'b', 'c'].map((id) => ({
      operationType: 'Create',
      resourceBody: { id, pk: 'p', text },
    }));
    expect((await send({ headers: batch, body: JSON.stringify(operations) })).status).toBe(413);
  });

  test('a batch with an operation that there is not fails whole', async () => {
    const operations = [
      { operationType: 'Create', resourceBody: { id: 'a', pk: 'p' } },
      { operationType: 'Explode' },
    ];
    expect((await send({ headers: batch, body: JSON.stringify(operations) })).status).toBe(207);
    expect((await ordersIn(cosmos).item('a', 'p').read()).statusCode).toBe(404);
  });

  test.each([
    '{}',
    '[]',
    '[{"op":"set"}]',
    '[{"op":"set","path":"n","value":1}]',
    '[{"op":"explode","path":"/n"}]',
    '{"condition":"where true; drop","operations":[{"op":"set","path":"/n","value":1}]}',
    '{"condition":5,"operations":[{"op":"set","path":"/n","value":1}]}',
    '[{"op":"set","path":"/n"}]',
    '[{"op":"add","path":"/list/7","value":1}]',
    '[{"op":"move","path":"/n"}]',
  ])('the patch %s', async (body) => {
    await ordersIn(cosmos).items.create({ id: 'a', pk: 'p', list: [] });
    const sent = await send({ method: 'PATCH', path: `${documents}/a`, headers: keyed, body });
    expect(sent).toEqual({ status: 400, code: 'BadRequest' });
  });
});

describe('queries', () => {
  test.each([
    ['no text', '{}'],
    ['a text that is none', '{"query":1}'],
    ['parameters that are no list', '{"query":"SELECT 1","parameters":{}}'],
    ['a parameter without a name', '{"query":"SELECT 1","parameters":[{"value":1}]}'],
    ['a name that is none', '{"query":"SELECT 1","parameters":[{"name":"x; DROP","value":1}]}'],
  ])('with %s', async (_name, body) => {
    expect((await send({ headers: query, body })).status).toBe(400);
  });

  test('whatever text comes as a query, it is refused or answered', async () => {
    const word = fc.constantFrom(
      ...'SELECT * VALUE c . id FROM WHERE ORDER BY = 1 ( ) [ ] { } : , @x \'a\' "b" AND NOT TOP JOIN IN COUNT ? || /* -- \\'.split(
        ' ',
      ),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 15 }).map((words) => `SELECT ${words.join(' ')}`),
    );
    await fc.assert(
      fc.asyncProperty(text, async (asked) => {
        const { status } = await send({ headers: query, body: JSON.stringify({ query: asked }) });
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 100 },
    );
    await expectToWork();
  });

  test('that are nested or chained beyond all measure are refused', async () => {
    for (const expression of [
      `1${' + 1'.repeat(3000)}`,
      `${'NOT '.repeat(20_000)}true`,
      `${'['.repeat(9000)}`,
    ]) {
      const body = JSON.stringify({ query: `SELECT VALUE ${expression}` });
      expect([200, 400]).toContain((await send({ headers: query, body })).status);
    }
    await expectToWork();
  });

  test('a parameter is never read as text of the query', async () => {
    const orders = ordersIn(cosmos);
    await orders.items.create({ id: 'a', pk: 'p', name: 'Ada' });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.constantFrom("' OR 1=1 --", '" OR true OR "', '@name')),
        async (value) => {
          const asked = {
            query: 'SELECT VALUE c.name FROM c WHERE c.name = @name',
            parameters: [{ name: '@name', value }],
          };
          const { resources } = await orders.items.query(asked, { partitionKey: 'p' }).fetchAll();
          expect(resources).toEqual(value === 'Ada' ? ['Ada'] : []);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('whatever bytes a client sends, its connection ends and the emulator goes on', async () => {
  const start = fc.constantFrom(
    '',
    'GET / HTTP/1.1\r\n',
    'POST /dbs HTTP/1.1\r\nContent-Length: 9\r\n\r\n{',
    '\x16\x03\x01',
  );
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 100 }), async (first, rest) => {
      const socket = connect(cosmos.port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(first);
      socket.end(rest);
      socket.resume();
      await once(socket, 'close');
    }),
    { numRuns: 40 },
  );
  await expectToWork();
});
