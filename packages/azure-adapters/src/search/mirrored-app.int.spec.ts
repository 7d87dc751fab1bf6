import {
  anyone,
  command,
  commandHandler,
  createApp,
  currentSession,
  defineProjection,
  event,
  mirroredStore,
  query,
  queryHandler,
  type ReadModel,
  readModel,
} from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { emulatedSearch } from '../fixtures/emulated-search.js';
import { searchIndex } from './declared-search-index.js';
import { searchFilter } from './search-filter.js';
import { searchSink } from './search-sink.js';

interface Offer {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly price: number;
}

const offer = z.object({ id: z.string(), title: z.string(), category: z.string(), price: z.number() });
class Offered extends event('spec.Offered', offer) {}
class Withdrawn extends event('spec.Withdrawn', z.object({ id: z.string() })) {}
class OfferIt extends command('spec.OfferIt', offer).returns<void>() {}
class Withdraw extends command('spec.Withdraw', z.object({ id: z.string() })).returns<void>() {}
class FindOffers extends query('spec.FindOffers', z.object({ text: z.string(), most: z.number() })).returns<{
  readonly titles: readonly string[];
  readonly categories: Readonly<Record<string, number>>;
}>() {}

const offers = defineProjection<Offer>({ name: 'offers', version: 1 })
  .on(
    Offered,
    ({ id }) => id,
    ({ id, title, category, price }) => ({ id, title, category, price }),
  )
  .on(
    Withdrawn,
    ({ id }) => id,
    () => null,
  );

// #region declaration
/** What can be found of an offer. Raise the projection's version when this changes. */
const offerIndex = searchIndex(offers, {
  fields: {
    title: { type: 'text', searchable: true, analyzer: 'en.microsoft' },
    category: { type: 'text', filterable: true, facetable: true },
    price: { type: 'number', filterable: true, sortable: true },
  },
});
// #endregion

// #region query
const findOffers = async ({ text, most }: FindOffers, _context: unknown, model: ReadModel<Offer>) => {
  const { documents, facets } = await offerIndex.in(model).search(text, {
    filter: searchFilter`price le ${most}`,
    orderBy: ['price'],
    facets: { category: { count: 10 } },
    top: 20,
  });
  const categories = Object.fromEntries((facets.category ?? []).map(({ value, count }) => [value, count]));
  return { titles: documents.map(({ title }) => title), categories };
};
// #endregion

test('an app whose offers are kept in one store and found in another', async () => {
  const service = await emulatedSearch();
  const clock = new FakeClock();
  const database = memoryDatabase({ clock });
  const { endpoint, key } = service;
  // #region store
  const search = searchSink({ endpoint, key, indexes: [offerIndex] });
  const readModels = { offers: mirroredStore(database.readModels, search, { clock }) };
  // #endregion
  const app = await createApp({
    name: 'spec',
    clock,
    database,
    readModels,
    handlers: [
      offers,
      commandHandler(OfferIt, { authorize: anyone }, async (asked) => {
        currentSession().append(`offer-${asked.id}`, 'any', [new Offered(asked)]);
      }),
      commandHandler(Withdraw, { authorize: anyone }, async ({ id }) => {
        currentSession().append(`offer-${id}`, 'any', [new Withdrawn({ id })]);
      }),
      queryHandler(FindOffers, { inject: [readModel(offers)], authorize: anyone }, findOffers),
    ],
  });
  expect(await service.indexNames()).toEqual([]);
  await app.start();
  try {
    await app.commands.execute(new OfferIt({ id: 'a', title: 'Red shoes', category: 'shoes', price: 30 }));
    await app.commands.execute(new OfferIt({ id: 'b', title: 'Red hat', category: 'hats', price: 20 }));
    await app.commands.execute(new OfferIt({ id: 'c', title: 'Red car', category: 'cars', price: 9_999 }));
    const { consistency } = await app.commands.dispatch(new Withdraw({ id: 'b' }));
    const found = app.queries.execute(new FindOffers({ text: 'red', most: 100 }), { after: consistency });
    expect(await found).toEqual({ titles: ['Red shoes'], categories: { shoes: 1 } });
  } finally {
    await app.stop();
    await service.stop();
  }
});
