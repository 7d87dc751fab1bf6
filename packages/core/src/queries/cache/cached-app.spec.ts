import { FakeClock } from '@diptych/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../app/create-app.js';
import { authenticated } from '../../handlers/policy.js';
import { memoryDatabase } from '../../memory/memory-database.js';
import { MemoryQueryCacheStore } from '../../memory/memory-query-cache-store.js';
import { query } from '../../messages/query.js';
import { QueryHandler } from '../query-handler.js';

class SalesByCountry extends query('spec.SalesByCountry', z.object({ year: z.number() })).returns<
  Record<string, number>
>() {}

let runs = 0;

// #region handler
@QueryHandler(SalesByCountry, {
  authorize: authenticated,
  cache: { ttlInMs: 10_000, sharedBy: 'tenant', staleForMs: 60_000 },
})
class SalesByCountryHandler {
  async handle({ year }: SalesByCountry) {
    return await countedSales(year);
  }
}
// #endregion

async function countedSales(year: number) {
  return { year, runs: ++runs };
}

async function openApp(name: string, clock: FakeClock, store?: MemoryQueryCacheStore) {
  const app = await createApp({
    name,
    clock,
    handlers: [SalesByCountryHandler],
    database: memoryDatabase({ clock }),
    queries: { cache: { store } },
  });
  const ask = () =>
    app.queries.execute(new SalesByCountry({ year: 2030 }), { subject: { id: 'ann', roles: [] } });
  return { ask };
}

test('processes of a program share answers through a store, and other programs have their own', async () => {
  runs = 0;
  const clock = new FakeClock();
  const store = new MemoryQueryCacheStore({ clock });
  const [one, other] = [await openApp('shop', clock, store), await openApp('shop', clock, store)];
  expect(await one.ask()).toEqual({ year: 2030, runs: 1 });
  await clock.advance(0);
  expect(await other.ask()).toEqual({ year: 2030, runs: 1 });
  expect(await (await openApp('office', clock, store)).ask()).toEqual({ year: 2030, runs: 2 });
});

test('without a store each process keeps its own', async () => {
  runs = 0;
  const clock = new FakeClock();
  const [one, other] = [await openApp('shop', clock), await openApp('shop', clock)];
  expect([await one.ask(), await one.ask()]).toEqual([
    { year: 2030, runs: 1 },
    { year: 2030, runs: 1 },
  ]);
  expect(await other.ask()).toEqual({ year: 2030, runs: 2 });
});
