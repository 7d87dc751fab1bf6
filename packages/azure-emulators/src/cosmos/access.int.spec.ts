import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { ordersIn, runningCosmos } from '../fixtures/running-cosmos.js';

test('a wrong key is refused, and the right one that the emulator was given is not', async () => {
  const cosmos = await runningCosmos({ key: 'bXkga2V5' });
  expect(cosmos.connectionString).toBe(`AccountEndpoint=${cosmos.endpoint};AccountKey=bXkga2V5;`);
  expect((await ordersIn(cosmos).read()).statusCode).toBe(200);
  await expect(ordersIn(cosmos, { key: 'b3RoZXI=' }).read()).rejects.toMatchObject({ code: 401 });
});

test('tokens of other kinds are refused, since they cannot be checked', async () => {
  const { endpoint } = await runningCosmos();
  for (const token of ['', 'type=aad&ver=1.0&sig=abc', 'type=resource&ver=1&sig=abc', '%']) {
    const response = await fetch(`${endpoint}dbs`, { headers: { authorization: encodeURIComponent(token) } });
    expect(response.status).toBe(401);
  }
});

test('a signature of an hour ago is refused', async () => {
  const { endpoint, key } = await runningCosmos();
  const date = new Date(Date.now() - 3_600_000).toUTCString();
  const signature = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`get\ndbs\n\n${date.toLowerCase()}\n\n`)
    .digest('base64');
  const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
  const response = await fetch(`${endpoint}dbs`, { headers: { authorization, 'x-ms-date': date } });
  expect(response.status).toBe(403);
});

test('where access is not checked any token will do', async () => {
  const cosmos = await runningCosmos({ checksAccess: false });
  const orders = ordersIn(cosmos, { key: 'b3RoZXI=' });
  await orders.items.create({ id: 'a', pk: 'p' });
  expect((await orders.item('a', 'p').read()).statusCode).toBe(200);
});

test('the account names the address at which it was asked, so that clients stay there and ask for it once', async () => {
  const cosmos = await runningCosmos();
  const orders = ordersIn(cosmos);
  const { client } = orders.database;
  expect(await client.getWriteEndpoint()).toBe(cosmos.endpoint);
  expect(await client.getReadEndpoint()).toBe(cosmos.endpoint);
  await orders.item('a', 'p').read();
  const asked = cosmos.operations().metadata;
  for (let n = 0; n < 5; n++) await orders.item('a', 'p').read();
  expect(cosmos.operations().metadata).toBe(asked);
});
