import { AzureKeyCredential, SearchIndexClient } from '@azure/search-documents';
import { createApp, defineProjection, event, mirroredStore } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Product,
  type ProductShop,
  productChange,
  productCopy,
  productDefinition,
  productIndex,
  productShop,
  products,
} from '../fixtures/products.js';
import { searchIndex } from './declared-search-index.js';
import { searchSink } from './search-sink.js';

let shop: ProductShop;
beforeEach(async () => {
  shop = await productShop();
});
afterEach(() => shop.close());

const kinds = (outcomes: readonly { readonly kind: string }[]) => outcomes.map(({ kind }) => kind);
const uploads = () => shop.service.requests.filter(({ path }) => path.endsWith('search.index'));

describe('mirroring into AI Search', () => {
  test('sends each stamp once: what fails is not sent again by the SDK', async () => {
    for (const status of [429, 500, 503]) {
      shop.service.requests.length = 0;
      shop.service.state.fault = ({ path }) => (path.endsWith('search.index') ? { status } : undefined);
      const outcomes = await shop.sink.mirror(productCopy, [productChange('a')]);
      expect(kinds(outcomes)).toEqual(['later']);
      expect(uploads()).toHaveLength(1);
    }
  });

  test('says how long the service wants to be left alone', async () => {
    shop.service.state.fault = () => ({ status: 503, headers: { 'retry-after': '7' } });
    expect(await shop.sink.mirror(productCopy, [productChange('a')])).toEqual([
      expect.objectContaining({ kind: 'later', retryAfterInMs: 7_000 }),
    ]);
  });

  test('leaves the service alone for as long as it wants', async () => {
    shop.service.state.fault = ({ path }) =>
      path.endsWith('search.index') ? { status: 503, headers: { 'retry-after': '7' } } : undefined;
    await expect(shop.put([{ id: 'a' }])).rejects.toThrow(expect.objectContaining({ code: 'unavailable' }));
    shop.service.state.fault = () => undefined;
    const [stored] = await shop.store.load(productCopy, [{ tenant: 'default', name: 'a' }]);
    await expect(shop.store.confirm!(productCopy, [stored!])).rejects.toThrow();
    expect(uploads()).toHaveLength(1);
    await shop.clock.advance(7_000);
    await shop.store.confirm!(productCopy, [stored!]);
    expect(uploads()).toHaveLength(2);
  });

  test('looks at what is said of each document', async () => {
    shop.service.state.fault = ({ path, body }) =>
      path.endsWith('search.index')
        ? {
            status: 207,
            body: {
              value: body.value.map((document: { diptychKey: string }, index: number) => ({
                key: document.diptychKey,
                status: index === 0,
                statusCode: [201, 400, 503, 409][index],
                errorMessage: 'So it is.',
              })),
            },
          }
        : undefined;
    const changes = ['a', 'b', 'c', 'd'].map((name) => productChange(name));
    expect(kinds(await shop.sink.mirror(productCopy, changes))).toEqual([
      'mirrored',
      'refused',
      'later',
      'later',
    ]);
  });

  test('finds the document for which a whole batch is refused, and mirrors all others', async () => {
    const changes = Array.from({ length: 30 }, (_, index) =>
      productChange(`p${index}`, index === 11 || index === 29 ? { price: 'dear' } : {}),
    );
    const outcomes = kinds(await shop.sink.mirror(productCopy, changes));
    expect(outcomes.flatMap((kind, index) => (kind === 'refused' ? [index] : []))).toEqual([11, 29]);
    const { entries } = await shop.sink.entries(productCopy, { limit: 100 });
    expect(entries).toHaveLength(28);
  });

  test('sends no more at once than the service takes, by number and by bytes', async () => {
    await shop.sink.mirror(
      productCopy,
      Array.from({ length: 2_001 }, (_, index) => productChange(`p${index}`)),
    );
    expect(uploads().map(({ body }) => body.value.length)).toEqual([1_000, 1_000, 1]);
    shop.service.requests.length = 0;
    const large = Array.from({ length: 5 }, (_, index) =>
      productChange(`large${index}`, { name: 'x'.repeat(5_000_000) }),
    );
    await shop.sink.mirror(productCopy, large);
    expect(uploads().map(({ body }) => body.value.length)).toEqual([3, 2]);
  });

  test('stops asking a service that is busy', async () => {
    shop.service.state.fault = ({ path }) => (path.endsWith('search.index') ? { status: 503 } : undefined);
    const changes = Array.from({ length: 3_000 }, (_, index) => productChange(`p${index}`));
    const outcomes = kinds(await shop.sink.mirror(productCopy, changes));
    expect(new Set(outcomes)).toEqual(new Set(['later']));
    expect(outcomes).toHaveLength(3_000);
    expect(uploads()).toHaveLength(1);
  });

  test('refuses an id with half a character in it, and nothing else', async () => {
    const outcomes = await shop.sink.mirror(productCopy, [productChange('\ud800'), productChange('a')]);
    expect(kinds(outcomes)).toEqual(['refused', 'mirrored']);
  });

  test('foresees what the service refuses', () => {
    const refusal = (product: object) => shop.sink.refusalOf!(productCopy, JSON.stringify(product));
    expect(
      refusal({ name: 'x', price: 1, tags: ['a'], since: '2030-01-01T00:00:00+01:00', isNew: true }),
    ).toBeUndefined();
    expect(refusal({ name: null, unknown: {} })).toBeUndefined();
    const unfit = [
      { name: 1 },
      { price: '1' },
      { tags: 'a' },
      { tags: [1] },
      { tags: [null] },
      { since: 'tomorrow' },
      { since: '2030-13-01T00:00:00Z' },
      { since: '2030-01-01' },
      { isNew: 'yes' },
      { category: 'x'.repeat(40_000) },
    ];
    for (const product of unfit) expect(refusal(product)).toMatch(Object.keys(product)[0]!);
    expect(refusal({ tags: ['x'.repeat(40_000)] })).toMatch('tags');
  });
});

describe('the indexes', () => {
  test('one that is another than declared is not written to, and says in what', async () => {
    const [index] = shop.service.indexes.values();
    Object.assign(index!.fields.find(({ name }) => name === 'price')!, { sortable: false });
    index!.fields = index!.fields.filter(({ name }) => name !== 'tags');
    const { endpoint, key } = shop.service;
    const sink = searchSink({ endpoint, key, indexes: [productIndex] });
    await expect(sink.mirror(productCopy, [productChange('a')])).rejects.toThrow(
      expect.objectContaining({
        code: 'search-index-differs',
        message: expect.stringMatching(/price.*tags/),
      }),
    );
    await expect(sink.create(productDefinition, productCopy)).rejects.toThrow(
      expect.objectContaining({ code: 'search-index-differs' }),
    );
    expect(uploads()).toHaveLength(0);
  });

  test('an app with an index that differs, or with none declared, does not start', async () => {
    const [index] = shop.service.indexes.values();
    Object.assign(index!.fields.find(({ name }) => name === 'price')!, { type: 'Edm.Int64' });
    const { endpoint, key } = shop.service;
    class Priced extends event('spec.Priced', z.object({ id: z.string() })) {}
    const priced = products.on(
      Priced,
      ({ id }) => id,
      () => null,
    );
    const faultsWith = async (indexes: readonly (typeof productIndex)[], at = endpoint) => {
      const database = memoryDatabase();
      const store = mirroredStore(database.readModels, searchSink({ endpoint: at, key, indexes }));
      const starting = createApp({
        name: 'spec',
        database,
        handlers: [priced],
        readModels: { products: store },
      });
      return starting.then(
        () => [],
        (error: { faults: readonly { code: string; message: string }[] }) => error.faults,
      );
    };
    expect(await faultsWith([productIndex])).toMatchObject([
      { code: 'read-model-store-unfit', message: expect.stringContaining('price') },
    ]);
    expect(await faultsWith([])).toMatchObject([
      { code: 'read-model-store-unfit', message: expect.stringContaining('products') },
    ]);
    shop.service.state.fault = () => ({ status: 403 });
    // A service that cannot be reached does not keep an app from starting.
    expect(await faultsWith([productIndex])).toEqual([]);
  });

  test('one that is gone is not made anew in silence', async () => {
    shop.service.indexes.clear();
    await expect(shop.sink.mirror(productCopy, [productChange('a')])).rejects.toThrow(
      expect.objectContaining({ code: 'search-index-missing' }),
    );
  });

  test('a key that gives no right is a fault of the surroundings', async () => {
    const { endpoint } = shop.service;
    const sink = searchSink({ endpoint, key: 'another', indexes: [productIndex] });
    for (const call of [
      () => sink.create(productDefinition, productCopy),
      () => sink.mirror(productCopy, [productChange('a')]),
      () => sink.entries(productCopy, { limit: 1 }),
      () => sink.drop(productCopy),
    ])
      await expect(call()).rejects.toThrow(
        expect.objectContaining({ code: 'unavailable', origin: 'infrastructure' }),
      );
  });

  test('programs of several prefixes share a service', async () => {
    const { endpoint, key } = shop.service;
    const client = new SearchIndexClient(endpoint, new AzureKeyCredential(key), {
      allowInsecureConnection: true,
    });
    const other = searchSink({ client, prefix: 'other', indexes: [productIndex] });
    await other.create(productDefinition, productCopy);
    await other.mirror(productCopy, [productChange('a')]);
    expect((await shop.sink.entries(productCopy, { limit: 10 })).entries).toEqual([]);
    expect((await other.entries(productCopy, { limit: 10 })).entries).toHaveLength(1);
    expect([...shop.service.indexes.keys()].sort()).toEqual([
      'diptych-products-v1-g1',
      'other-products-v1-g1',
    ]);
  });

  test('fields that no index can have are refused where they are declared', () => {
    const model = defineProjection<Product & { readonly 'a-b': string; readonly diptychKey: string }>({
      name: 'x',
      version: 1,
    });
    const unfit = [
      { 'a-b': { type: 'text' } },
      { diptychKey: { type: 'text' } },
      { price: { type: 'number', searchable: true } },
      { tags: { type: 'texts', sortable: true } },
    ] as const;
    for (const fields of unfit)
      expect(() => searchIndex(model, { fields: fields as never })).toThrow(
        expect.objectContaining({ code: 'search-field' }),
      );
  });
});
