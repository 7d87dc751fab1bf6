import { type AppOptions, anyone, createApp, query, queryHandler } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, type RedisPlace, redisPlace } from '../../fixtures/redis-server.js';
import { redisQueryCache } from './redis-query-cache.js';

class Report extends query('spec.Report').returns<number>() {}

let runs = 0;
const report = queryHandler(
  Report,
  { authorize: anyone, cache: { ttlInMs: 60_000, sharedBy: 'tenant' } },
  () => ++runs,
);

// #region open
async function openShop(options: AppOptions, redisUrl: string, prefix: string) {
  const answers = await redisQueryCache({ connection: redisUrl, prefix });
  const cache = { ...options.queries?.cache, store: answers.store };
  const app = await createApp({ ...options, queries: { cache } });
  await app.start();
  const close = async () => {
    await app.stop();
    await answers.close();
  };
  return { app, close };
}
// #endregion

describe.skipIf(!hasRedis)('an app with its answers in Redis', () => {
  let place: RedisPlace;
  beforeAll(async () => {
    place = await redisPlace();
  });
  afterAll(() => place?.close());

  test('many who ask in several processes cost one run of the handler', async () => {
    const prefix = `t${crypto.randomUUID()}`;
    // Where the machine is busy, nobody is to give up and ask the handler by itself.
    const queries = { cache: { storeTimeoutInMs: 20_000, waitInMs: 20_000 } };
    const options = { name: 'shop', handlers: [report], database: memoryDatabase(), queries };
    const open = () => openShop(options, place.connection.url, prefix);
    const shops = [await open(), await open(), await open()];
    const asked = shops.flatMap(({ app }) =>
      Array.from({ length: 20 }, () => app.queries.execute(new Report())),
    );
    expect(new Set(await Promise.all(asked))).toEqual(new Set([1]));
    for (const { close } of shops) await close();
  });
});
