import { CosmosClient, type OperationInput } from '@azure/cosmos';
import type { TelemetryAttributes } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { type RequestGround, requestGround } from '../../fixtures/cosmos-requests.js';
import { cosmosClientOptions } from './cosmos-client.js';
import { cosmosError } from './cosmos-errors.js';
import { executeBatch } from './execute-batch.js';

const charge = 'azure.cosmosdb.client.operation.request_charge';
const duration = 'db.client.operation.duration';
const throttled = 'diptych.cosmos.throttled';
const waited = 'diptych.cosmos.throttled_time';

async function withGround(
  body: (ground: RequestGround) => Promise<void>,
  options?: Parameters<typeof requestGround>[0],
): Promise<void> {
  const ground = await requestGround(options);
  try {
    await body(ground);
  } finally {
    await ground.close();
  }
}

const isPlan = (attributes: TelemetryAttributes) => attributes['db.operation.name'] === 'plan_query';
const promisesToRun = () => new Promise((resolve) => setImmediate(resolve));

const order = (id: string) => ({ id, pk: 'p', text: 'x'.repeat(500) });
const create = (id: string): OperationInput => ({ operationType: 'Create', resourceBody: order(id) });
const count429 = ({ gateway }: RequestGround) =>
  gateway.seen.statuses.filter((status) => status === 429).length;

describe('what requests cost', () => {
  test('is measured for each operation, and adds up to what the service charges', () =>
    withGround(async (ground) => {
      const orders = await ground.orders();
      await orders.items.create(order('a'));
      await orders.items.upsert(order('b'));
      await orders.item('a', 'p').replace(order('a'));
      await orders.item('a', 'p').read();
      await orders.item('none', 'p').read();
      await orders.items.query('SELECT * FROM c', { partitionKey: 'p', maxItemCount: 1 }).fetchAll();
      await executeBatch(orders, [create('c'), { operationType: 'Read', id: 'a' }], 'p');
      await orders.items.executeBulkOperations([{ ...create('d'), partitionKey: 'p' } as never]);
      await orders.item('b', 'p').delete();
      await expect(orders.item('b', 'p').delete()).rejects.toMatchObject({ code: 404 });
      expect(ground.measured.sum(charge)).toBeCloseTo(ground.gateway.seen.charges, 6);
      const operations = [
        'create_item',
        'upsert_item',
        'replace_item',
        'read_item',
        'query_items',
        'execute_batch',
        'execute_bulk',
        'delete_item',
      ];
      for (const operation of operations) expect(ground.measured.sum(charge, operation)).toBeGreaterThan(0);
      expect(ground.measured.of(charge)).toContainEqual(
        expect.objectContaining({
          attributes: {
            'db.system.name': 'azure.cosmosdb',
            'db.namespace': 'shop',
            'db.collection.name': 'orders',
            'db.operation.name': 'execute_batch',
            'db.response.status_code': '200',
          },
        }),
      );
      expect(ground.measured.of(duration)).toContainEqual(
        expect.objectContaining({
          attributes: expect.objectContaining({ 'db.operation.name': 'delete_item', 'error.type': '404' }),
        }),
      );
    }));

  test('is measured of a client of the program’s own that is made with our options', () =>
    withGround(async (ground) => {
      const { clock, measured, cosmos, gateway } = ground;
      const client = new CosmosClient({
        ...cosmosClientOptions({ clock, telemetry: measured.telemetry }),
        endpoint: gateway.endpoint,
        key: cosmos.key,
      });
      await client.database('shop').container('orders').items.create(order('a'));
      client.dispose();
      expect(measured.sum(charge, 'create_item')).toBeGreaterThan(5);
    }));
});

describe('a service that throttles', () => {
  const operations = {
    'a point read': async (ground: RequestGround) => (await ground.orders()).item('a', 'p').read(),
    'a write': async (ground: RequestGround) => (await ground.orders()).items.create(order('b')),
    'a query': async (ground: RequestGround) => {
      const orders = await ground.orders();
      await orders.items.query('SELECT * FROM c', { partitionKey: 'p' }).fetchAll();
      // The SDK asks for the plan at the same time, and does not wait for it where it has an answer without.
      while (!ground.measured.of(duration).some(({ attributes }) => isPlan(attributes)))
        await promisesToRun();
    },
    'a batch': async (ground: RequestGround) => executeBatch(await ground.orders(), [create('b')], 'p'),
  };
  for (const [name, operation] of Object.entries(operations)) {
    test(`is waited for as it asks: ${name} goes through, and each 429 is counted`, () =>
      withGround(async (ground) => {
        ground.faults.add({ on: 'request', fault: 'throttle', times: 3, retryAfterInMs: 250 });
        await ground.passing<unknown>(operation(ground));
        expect(ground.measured.sum(throttled)).toBe(3);
        expect(count429(ground)).toBe(3);
        expect(ground.measured.sum(waited)).toBeCloseTo(0.75, 9);
        expect(ground.measured.sum(charge)).toBeCloseTo(ground.gateway.seen.charges, 6);
        const [slowest] = ground.measured.of(duration).toSorted((one, other) => other.value - one.value);
        expect(slowest?.value).toBeGreaterThanOrEqual(0.25);
      }));
  }

  test('throttles single operations of a bulk: each is counted, and all go through', () =>
    withGround(
      async (ground) => {
        // The service's clock stands: after the first ones, nothing is let in any more.
        const orders = await ground.orders();
        const all = ['a', 'b', 'c', 'd'].map((id) => ({ ...create(id), partitionKey: 'p' }) as never);
        const answers = ground.passing(orders.items.executeBulkOperations(all));
        while (ground.measured.sum(throttled) === 0) await promisesToRun();
        await ground.advance(10_000);
        const codes = (await answers).map(({ response, error }) => response?.statusCode ?? error?.code);
        expect(codes).toEqual([201, 201, 201, 201]);
        expect(ground.measured.sum(throttled, 'execute_bulk')).toBeGreaterThanOrEqual(1);
      },
      { throughput: { perLogicalPartition: 15 } },
    ));

  test('for a minute: a request gives up in time, with a typed error, and goes through afterwards', () =>
    withGround(async (ground) => {
      const orders = await ground.orders();
      ground.cosmos.throttle({ durationInMs: 60_000, retryAfterInMs: 1_000 });
      const startedAt = ground.clock.now();
      const failed = ground.passing(orders.items.create(order('a')));
      await expect(failed).rejects.toMatchObject({
        code: 'throttled',
        retryable: true,
        origin: 'infrastructure',
        details: { retryAfterInMs: 1_000, container: 'orders' },
      });
      expect(ground.clock.now() - startedAt).toBe(9_000);
      expect(ground.measured.sum(throttled)).toBe(10);
      const batch = ground.passing(executeBatch(orders, [create('a')], 'p'));
      await expect(batch).rejects.toMatchObject({ code: 'throttled' });
      expect(ground.measured.sum(throttled)).toBe(20);
      expect(count429(ground)).toBe(20);
      await ground.advance(60_000);
      await orders.items.create(order('a'));
    }));

  test('for ever: no more is waited than is allowed, and a pause that would be longer is not begun', () =>
    withGround(async (ground) => {
      const orders = await ground.orders({ throttling: { maxRetries: 100, maxWaitInMs: 5_000 } });
      ground.cosmos.throttle({ durationInMs: 3_600_000, retryAfterInMs: 2_000 });
      const startedAt = ground.clock.now();
      const failed = ground.passing(orders.item('a', 'p').read());
      await expect(failed).rejects.toMatchObject({ code: 'throttled' });
      expect(ground.clock.now() - startedAt).toBe(4_000);
      ground.cosmos.throttle({ durationInMs: 3_600_000, retryAfterInMs: 60_000 });
      await expect(orders.item('a', 'p').read()).rejects.toMatchObject({ code: 'throttled' });
      expect(ground.clock.now() - startedAt).toBe(4_000);
    }));

  test('is not waited for by whoever has called off', () =>
    withGround(async (ground) => {
      const orders = await ground.orders();
      ground.cosmos.throttle({ durationInMs: 60_000, retryAfterInMs: 5_000 });
      const abort = new AbortController();
      const failed = orders.item('a', 'p').read({ abortSignal: abort.signal });
      failed.catch(() => undefined);
      while (ground.clock.waits === 0) await promisesToRun();
      abort.abort();
      await expect(failed).rejects.toMatchObject({ code: 'throttled' });
      expect(ground.clock.waits).toBe(0);
    }));

  test('is told from a client that is not ours, also where a batch leaves only text', () =>
    withGround(async (ground) => {
      const { endpoint } = ground.gateway;
      const client = new CosmosClient({
        endpoint,
        key: ground.cosmos.key,
        connectionPolicy: { retryOptions: { maxRetryAttemptCount: 0 } },
      });
      ground.cosmos.throttle({ durationInMs: 60_000 });
      const orders = client.database('shop').container('orders');
      const failed = await executeBatch(orders, [create('a')], 'p').catch((error: unknown) => error);
      expect(cosmosError(failed, { doing: 'write', writes: true })).toMatchObject({ code: 'throttled' });
      client.dispose();
    }));
});
