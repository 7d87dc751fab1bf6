import { randomUUID } from 'node:crypto';
import { anyone, createQueryBus, query, queryBehaviors, queryHandler, systemClock } from '@diptych/core';
import { FakeClock } from '@diptych/testing';
import { contractNotRun, queryCacheContract } from '@diptych/testing/contracts';
import { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import {
  clusterPlace,
  hasRedis,
  notRun,
  ownRedis,
  type RedisPlace,
  redisPlace,
  redisProgram,
} from '../../fixtures/redis-server.js';
import { redisDatabase } from '../redis-database.js';
import type { RedisConnection } from '../redis-options.js';
import { openRedisQueryCache, type RedisQueryCache, redisQueryCache } from './redis-query-cache.js';

const silent = { onWarning: () => undefined };

const places = [
  { adapter: 'redis', isThere: hasRedis, start: redisPlace },
  { adapter: 'redis cluster', isThere: redisProgram !== undefined, start: clusterPlace },
];

for (const { adapter, isThere, start } of places) {
  if (!isThere) {
    contractNotRun({ port: 'query cache', adapter }, notRun);
    continue;
  }
  let started: Promise<RedisPlace> | undefined;
  afterAll(async () => (await started)?.close());

  queryCacheContract(adapter, {
    async open() {
      started ??= start();
      const { connection } = await started;
      const prefix = `t${randomUUID()}`;
      const opened: RedisQueryCache[] = [];
      let aheadInMs = 0;
      const another = async () => {
        const cache = await openRedisQueryCache(
          { connection, prefix, ...silent },
          { aheadInMs: () => aheadInMs },
        );
        opened.push(cache);
        return cache.store;
      };
      return {
        store: await another(),
        another,
        async advanceTime(ms) {
          aheadInMs += Math.ceil(ms);
        },
        async close() {
          await Promise.all(opened.map((cache) => cache.close()));
        },
      };
    },
  });
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function server(settings: Readonly<Record<string, string>> = {}) {
  const started = await ownRedis({ settings });
  closing.push(() => started.stop());
  return started;
}

async function open(connection: RedisConnection, options = {}) {
  const cache = await redisQueryCache({ connection, ...silent, ...options });
  closing.push(() => cache.close());
  return cache;
}

const keepNow = async ({ store }: RedisQueryCache, key: string, text: string, livesForMs = 60_000) =>
  store.keep(key, text, { begunAt: (await store.look(key)).at, livesForMs });

class Report extends query('spec.Report').returns<number>() {}

/** A query whose handler counts its runs, with answers in that store. */
function counting(cache: RedisQueryCache) {
  let runs = 0;
  const handler = queryHandler(Report, { authorize: anyone, cache: { ttlInMs: 60_000 } }, () => ++runs);
  const behaviors = queryBehaviors({
    clock: systemClock,
    cache: { store: cache.store, storeTimeoutInMs: 5_000 },
  });
  const bus = createQueryBus({ handlers: [handler], behaviors });
  return () => bus.execute(new Report());
}

describe.skipIf(redisProgram === undefined)('answers in a Redis', () => {
  test('each is a key of its own that the server deletes in time, and tells nothing of what was asked', async () => {
    const cache = await open((await server()).url);
    await cache.store.look('who asked for what', { token: 'a', leaseInMs: 30_000 });
    await keepNow(cache, 'who asked for what', 'answer');
    const keys = (await cache.client.keys('*')).sort();
    expect(keys).toEqual([
      expect.stringMatching(/^diptych-answers:\{[\w-]{43}\}$/),
      expect.stringMatching(/^diptych-answers:\{[\w-]{43}\}:lease$/),
    ]);
    const [answer, lease] = await Promise.all(keys.map((key) => cache.client.pttl(key)));
    expect(answer).toBeGreaterThan(30_000);
    expect(answer).toBeLessThanOrEqual(60_000);
    expect(lease).toBeGreaterThan(0);
    expect(lease).toBeLessThanOrEqual(30_000);
  });

  test('a server that evicts is welcome, and one that read models share is not', async () => {
    const { url } = await server({ maxmemory: '20mb', 'maxmemory-policy': 'allkeys-lru' });
    await expect(redisDatabase({ connection: url })).rejects.toMatchObject({ code: 'redis-eviction' });
    const cache = await open(url);
    const large = 'x'.repeat(1_000_000);
    for (let number = 0; number < 40; number++) expect(await keepNow(cache, `k${number}`, large)).toBe(true);
    expect(await cache.client.dbsize()).toBeLessThan(30);
  });

  test('a server that evicts nothing is left room, and is used again when there is some', async () => {
    const clock = new FakeClock();
    const cache = await open((await server()).url, { clock, maxMemoryUse: 0.5 });
    const limit = async (megabytes: number) => {
      await cache.client.config('SET', 'maxmemory', `${megabytes}mb`);
      await clock.advance(2_000);
    };
    await cache.client.set('others', 'x'.repeat(3_000_000));
    await limit(40);
    expect(await keepNow(cache, 'k', 'kept')).toBe(true);
    await limit(6);
    expect(await keepNow(cache, 'k', 'not kept')).toBe(false);
    expect((await cache.store.look('k')).answer?.text).toBe('kept');
    await limit(40);
    expect(await keepNow(cache, 'k', 'kept again')).toBe(true);
  });

  test('a full server gives what it has, keeps nothing, and costs no query its answer', async () => {
    const cache = await open((await server()).url, { maxMemoryUse: 1 });
    await keepNow(cache, 'k', 'kept');
    await cache.client.config('SET', 'maxmemory', '100kb');
    await expect(cache.store.look('other', { token: 'a', leaseInMs: 1_000 })).rejects.toMatchObject({
      code: 'memory-full',
    });
    expect((await cache.store.look('k')).answer?.text).toBe('kept');
    const ask = counting(cache);
    expect(await ask()).toBe(1);
    // The first answer is given again for as long as it is being brought to the store, and no longer.
    await expect.poll(ask).toBe(2);
  });

  test('a server that may only be read gives what it has, and costs no query its answer', async () => {
    const { url, port } = await server();
    const cache = await open(url);
    await keepNow(cache, 'k', 'kept');
    const ask = counting(cache);
    expect([await ask(), await ask()]).toEqual([1, 1]);
    const admin = new Redis(port, '127.0.0.1');
    closing.push(async () => admin.disconnect());
    await admin.config('SET', 'replica-serve-stale-data', 'yes');
    await admin.call('REPLICAOF', '127.0.0.1', '1');
    expect((await cache.store.look('k')).answer?.text).toBe('kept');
    await expect(cache.store.look('k', { token: 'a', leaseInMs: 1_000 })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  test('a server that goes away, and one that comes back empty, cost no query its answer', async () => {
    const started = await ownRedis();
    closing.push(() => started.stop());
    const cache = await open(started.url);
    const ask = counting(cache);
    expect([await ask(), await ask()]).toEqual([1, 1]);
    await expect.poll(() => cache.client.keys('*')).toEqual([expect.not.stringContaining('lease')]);
    await cache.client.flushall();
    await expect.poll(ask).toBe(2);
    await started.stop();
    await expect.poll(ask).toBe(3);
    await expect.poll(ask).toBe(4);
  });

  test('what is found under a key of ours and is none of our answers is none', async () => {
    const cache = await open((await server()).url);
    await keepNow(cache, 'k', 'kept');
    const [key] = await cache.client.keys('*');
    for (const garbage of ['', 'garbage', '1 2', '99999999999999999 99999999999999999 {"half']) {
      await cache.client.set(key!, garbage);
      expect([undefined, '{"half']).toContain((await cache.store.look('k')).answer?.text);
    }
    await cache.client.del(key!);
    await cache.client.hset(key!, 'a', 'b');
    await expect(cache.store.look('k')).rejects.toThrow('WRONGTYPE');
  });

  test('what is to be known of the server is said', async () => {
    const { url, port } = await server();
    const told: string[] = [];
    const onWarning = (message: string) => void told.push(message);
    await open(url, { onWarning });
    const admin = new Redis(port, '127.0.0.1');
    closing.push(async () => admin.disconnect());
    await admin.call('ACL', 'SETUSER', 'shop', 'on', '>secret', '~*', '&*', '+@all', '-info');
    await open(`redis://shop:secret@127.0.0.1:${port}`, { onWarning });
    expect(told).toEqual([
      expect.stringContaining('no maxmemory'),
      expect.stringContaining('INFO is not allowed'),
    ]);
  });

  test.each([
    [{ prefix: 'a b' }, 'redis-prefix'],
    [{ maxMemoryUse: 0 }, 'option-invalid'],
    [{ maxMemoryUse: 1.1 }, 'option-invalid'],
  ])('with %o it is refused', async (options, code) => {
    await expect(redisQueryCache({ connection: 'redis://127.0.0.1:1', ...options })).rejects.toMatchObject({
      code,
    });
  });
});
