import { describe, expect, test } from 'vitest';
import { ManualClock } from '../clock/manual-clock.js';
import { FaultPlan } from '../faults/fault-plan.js';
import { ordersIn, runningCosmos } from '../fixtures/running-cosmos.js';

const retrying = {
  connectionPolicy: {
    retryOptions: { maxRetryAttemptCount: 9, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 30 },
  },
};

describe('faults on demand', () => {
  test('a throttled request says how long to wait, and goes through when it is repeated', async () => {
    const faults = new FaultPlan();
    const cosmos = await runningCosmos({ faults });
    faults.add({ on: 'write', fault: 'throttle', times: 1, retryAfterInMs: 7 });
    const create = ordersIn(cosmos).items.create({ id: 'a', pk: 'p' });
    await expect(create).rejects.toMatchObject({ code: 429, retryAfterInMs: 7, substatus: 3200 });
    faults.add({ on: 'write', fault: 'throttle', times: 3, retryAfterInMs: 1 });
    await ordersIn(cosmos, retrying).items.create({ id: 'a', pk: 'p' });
    expect(cosmos.operations('shop/orders')).toEqual({ create: 1, throttled: 4 });
  });

  test('strike one kind of operation in one container', async () => {
    const faults = new FaultPlan();
    const orders = ordersIn(await runningCosmos({ faults }));
    faults.add({ on: 'read', entity: 'shop/others', fault: 'throttle' });
    faults.add({ on: 'query', entity: 'shop/orders', fault: 'throttle' });
    await orders.items.create({ id: 'a', pk: 'p' });
    expect((await orders.item('a', 'p').read()).statusCode).toBe(200);
    await expect(orders.items.readAll().fetchAll()).rejects.toMatchObject({ code: 429 });
  });

  test('a server that is down answers 503', async () => {
    const faults = new FaultPlan();
    const orders = ordersIn(await runningCosmos({ faults }));
    faults.add({ on: 'write', fault: 'unavailable' });
    await expect(orders.items.create({ id: 'a', pk: 'p' })).rejects.toMatchObject({ code: 503 });
  });

  test('a connection that is cut before or after the effect looks the same to the client', async () => {
    const faults = new FaultPlan();
    const orders = ordersIn(await runningCosmos({ faults }));
    for (const [id, afterEffect] of [
      ['before', false],
      ['after', true],
    ] as const) {
      const remove = faults.add({ on: 'write', fault: 'cut-connection', afterEffect });
      await expect(orders.items.create({ id, pk: 'p' })).rejects.not.toHaveProperty('code', 409);
      remove();
    }
    expect((await orders.item('before', 'p').read()).statusCode).toBe(404);
    expect((await orders.item('after', 'p').read()).statusCode).toBe(200);
  });

  test('a request that the network doubles is served twice', async () => {
    const faults = new FaultPlan();
    const cosmos = await runningCosmos({ faults });
    faults.add({ on: 'write', fault: 'duplicate', times: 1 });
    await expect(ordersIn(cosmos).items.create({ id: 'a', pk: 'p' })).rejects.toMatchObject({ code: 409 });
    expect(cosmos.operations('shop/orders')).toEqual({ create: 2 });
  });

  test('connections that are cut are made anew', async () => {
    const cosmos = await runningCosmos();
    const orders = ordersIn(cosmos, retrying);
    await orders.items.create({ id: 'a', pk: 'p' });
    cosmos.cutConnections();
    expect((await orders.item('a', 'p').read()).statusCode).toBe(200);
  });
});

describe('throttling', () => {
  test('everything about items is refused for the stated time', async () => {
    const clock = new ManualClock();
    const cosmos = await runningCosmos({ clock });
    const orders = ordersIn(cosmos);
    cosmos.throttle({ durationInMs: 60_000, retryAfterInMs: 5 });
    clock.advance(59_999);
    const expected = { code: 429, retryAfterInMs: 5 };
    await expect(orders.items.create({ id: 'a', pk: 'p' })).rejects.toMatchObject(expected);
    await expect(orders.items.readAll().fetchAll()).rejects.toMatchObject(expected);
    clock.advance(1);
    await orders.items.create({ id: 'a', pk: 'p' });
  });

  test('a hot partition is refused, others are not, until the next second', async () => {
    const clock = new ManualClock(0);
    const orders = ordersIn(await runningCosmos({ clock, throughput: { perLogicalPartition: 10 } }));
    const create = (id: string, pk: string) => orders.items.create({ id, pk });
    await create('a', 'hot');
    await create('b', 'hot');
    clock.advance(400);
    await expect(create('c', 'hot')).rejects.toMatchObject({ code: 429, retryAfterInMs: 600 });
    await create('c', 'cold');
    clock.advance(600);
    await create('c', 'hot');
  });

  test('a container that is asked more than it has pays for it in the next seconds', async () => {
    const clock = new ManualClock(0);
    const orders = ordersIn(await runningCosmos({ clock, throughput: { perContainer: 20 } }));
    await orders.items.create({ id: 'large', pk: 'p', text: 'x'.repeat(100_000) });
    clock.advance(1000);
    await expect(orders.item('large', 'p').read()).rejects.toMatchObject({ code: 429 });
    clock.advance(1000);
    expect((await orders.item('large', 'p').read()).statusCode).toBe(200);
  });

  test('operations of a bulk are refused one by one', async () => {
    const clock = new ManualClock(0);
    const orders = ordersIn(await runningCosmos({ clock, throughput: { perLogicalPartition: 10 } }));
    const operations = ['a', 'b', 'c'].map((id) => ({
      operationType: 'Create' as const,
      partitionKey: 'p',
      resourceBody: { id, pk: 'p' },
    }));
    const responses = await orders.items.bulk(operations);
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([201, 201, 429]);
  });
});

test('operations are counted by what they are', async () => {
  const cosmos = await runningCosmos();
  const orders = ordersIn(cosmos);
  await orders.items.create({ id: 'a', pk: 'p' });
  await orders.items.upsert({ id: 'a', pk: 'p' });
  const before = cosmos.operations('shop/orders');
  await orders.item('a', 'p').read();
  await orders.item('none', 'p').read();
  const after = cosmos.operations('shop/orders');
  expect((after.read ?? 0) - (before.read ?? 0)).toBe(2);
  await orders.items.batch([{ operationType: 'Delete', id: 'a' }], 'p');
  await orders.items.query('SELECT * FROM c', { partitionKey: 'p' }).fetchAll();
  expect(cosmos.operations('shop/orders')).toMatchObject({
    create: 1,
    upsert: 1,
    read: 2,
    batch: 1,
    query: 1,
  });
  expect(cosmos.operations('shop/none')).toEqual({});
  expect(cosmos.operations().read).toBe(2);
});
