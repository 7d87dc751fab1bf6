import { describe, expect, test } from 'vitest';
import { ManualClock } from '../clock/manual-clock.js';
import { ordersIn, runningCosmos } from '../fixtures/running-cosmos.js';

const lagging = async () => {
  const clock = new ManualClock();
  const cosmos = await runningCosmos({ clock, replicationLagInMs: 1000 });
  return { clock, cosmos, writer: ordersIn(cosmos), reader: ordersIn(cosmos) };
};

describe('replicas that lag behind', () => {
  test('a reader elsewhere sees a write late, and with its session token at once', async () => {
    const { clock, writer, reader } = await lagging();
    const { headers } = await writer.items.create({ id: 'a', pk: 'p' });
    expect((await reader.item('a', 'p').read()).statusCode).toBe(404);
    const sessionToken = String(headers['x-ms-session-token']);
    expect((await reader.item('a', 'p').read({ sessionToken })).statusCode).toBe(200);
    clock.advance(1000);
    expect((await reader.item('a', 'p').read()).statusCode).toBe(200);
  });

  test('who has written sees it, since the SDK keeps the token', async () => {
    const { writer } = await lagging();
    await writer.items.create({ id: 'a', pk: 'p', n: 1 });
    await writer.items.upsert({ id: 'a', pk: 'p', n: 2 });
    expect((await writer.item('a', 'p').read()).resource).toMatchObject({ n: 2 });
  });

  test('the token of an older write does not show a newer one', async () => {
    const { writer, reader } = await lagging();
    const { headers } = await writer.items.create({ id: 'a', pk: 'p', n: 1 });
    await writer.items.upsert({ id: 'a', pk: 'p', n: 2 });
    const sessionToken = String(headers['x-ms-session-token']);
    const read = await reader.item('a', 'p').read({ sessionToken });
    expect(read.resource).toMatchObject({ n: 1 });
    expect(read.headers['x-ms-session-token']).toBe(sessionToken);
  });

  test('an old state is whole: what was deleted is there, what was changed is as it was, in queries and feeds', async () => {
    const { clock, writer, reader } = await lagging();
    for (const id of ['deleted', 'changed']) await writer.items.create({ id, pk: 'p', n: 1 });
    clock.advance(1000);
    await writer.item('deleted', 'p').delete();
    await writer.items.upsert({ id: 'changed', pk: 'p', n: 2 });
    await writer.items.create({ id: 'made', pk: 'p', n: 1 });
    const seen = async () => {
      const { resources } = await reader.items
        .query('SELECT c.id, c.n FROM c', { partitionKey: 'p' })
        .fetchAll();
      return resources.map(({ id, n }) => `${id} ${n}`);
    };
    expect(await seen()).toEqual(['deleted 1', 'changed 1']);
    clock.advance(1000);
    expect(await seen()).toEqual(['changed 2', 'made 1']);
  });

  test('all of a batch comes at once', async () => {
    const { clock, writer, reader } = await lagging();
    const create = (id: string) => ({ operationType: 'Create' as const, resourceBody: { id, pk: 'p' } });
    await writer.items.batch([create('a'), create('b')], 'p');
    const count = async () => (await reader.items.readAll().fetchAll()).resources.length;
    clock.advance(999);
    expect(await count()).toBe(0);
    clock.advance(1);
    expect(await count()).toBe(2);
  });

  test('conditions are checked against the last write, not against what a replica shows', async () => {
    const { writer, reader } = await lagging();
    await writer.items.create({ id: 'a', pk: 'p' });
    const condition = { accessCondition: { type: 'IfNoneMatch', condition: '*' } };
    await expect(reader.items.upsert({ id: 'a', pk: 'p' }, condition)).rejects.toMatchObject({ code: 412 });
  });

  test('eventual reads ask for no write', async () => {
    const { cosmos, writer } = await lagging();
    const { headers } = await writer.items.create({ id: 'a', pk: 'p' });
    const eventual = ordersIn(cosmos, { consistencyLevel: 'Eventual' });
    const sessionToken = String(headers['x-ms-session-token']);
    expect((await eventual.item('a', 'p').read({ sessionToken })).statusCode).toBe(404);
  });

  test('a lag can be made and taken away while the server runs', async () => {
    const cosmos = await runningCosmos({ clock: new ManualClock() });
    const [writer, reader] = [ordersIn(cosmos), ordersIn(cosmos)];
    const isSeen = async (id: string) => (await reader.item(id, 'p').read()).statusCode === 200;
    await writer.items.create({ id: 'a', pk: 'p' });
    expect(await isSeen('a')).toBe(true);
    cosmos.lagBy(1000);
    await writer.items.create({ id: 'b', pk: 'p' });
    expect(await isSeen('b')).toBe(false);
    cosmos.lagBy(0);
    expect(await isSeen('b')).toBe(true);
  });
});

describe('session tokens', () => {
  test('of a write that the container does not have are refused with the status of the service', async () => {
    const cosmos = await runningCosmos();
    const reader = ordersIn(cosmos, { connectionPolicy: { enableEndpointDiscovery: false } });
    const read = reader.items
      .query('SELECT * FROM c', { partitionKey: 'p', sessionToken: '0:-1#99' })
      .fetchAll();
    await expect(read).rejects.toMatchObject({ code: 404, substatus: 1002 });
  });

  test('that are none are refused', async () => {
    const reader = ordersIn(await runningCosmos());
    for (const sessionToken of ['x', '0:x#1', '0:-1']) {
      await expect(reader.item('a', 'p').read({ sessionToken })).rejects.toMatchObject({ code: 400 });
    }
  });

  test('of several ranges count for the one that there is', async () => {
    const orders = ordersIn(await runningCosmos());
    await orders.items.create({ id: 'a', pk: 'p' });
    const read = await orders.item('a', 'p').read({ sessionToken: '7:-1#99,0:-1#1' });
    expect(read.statusCode).toBe(200);
  });
});
