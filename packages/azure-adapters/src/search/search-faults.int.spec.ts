import { AzureKeyCredential, SearchIndexClient, type SimpleField } from '@azure/search-documents';
import { createApp, defineProjection, event, marksOf, mirroredStore, positionAt } from '@diptych/core';
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
/** How many batches came so far, and how many the service had no time for. */
const sent = () => {
  const { batch = 0, refused = 0, documents = 0 } = shop.service.operations();
  return { batch, refused, documents };
};

const indexName = 'diptych-products-v1-g1';

/** Makes the index anew, with other fields. */
async function changeIndex(change: (field: SimpleField) => SimpleField | undefined): Promise<void> {
  const { indexes } = shop.service;
  const { fields } = await indexes.getIndex(indexName);
  await indexes.deleteIndex(indexName);
  const changed = (fields as SimpleField[]).map(change).filter((field) => field !== undefined);
  await indexes.createIndex({ name: indexName, fields: changed });
}

describe('mirroring into AI Search', () => {
  test('sends each stamp once: what fails is not sent again by the SDK', async () => {
    for (const [count, fault] of (['throttle', 'unavailable', 'cut-connection'] as const).entries()) {
      shop.service.faults.add({ on: 'write', fault, afterEffect: true, times: 1 });
      const outcomes = await shop.sink.mirror(productCopy, [productChange('a')]);
      expect(kinds(outcomes)).toEqual(['later']);
      const { batch, refused } = sent();
      expect(batch + refused).toBe(count + 1);
    }
  });

  test('says how long the service wants to be left alone', async () => {
    for (const retryAfterInMs of [7_000, 20]) {
      shop.service.faults.add({ on: 'write', fault: 'unavailable', times: 1, retryAfterInMs });
      expect(await shop.sink.mirror(productCopy, [productChange('a')])).toEqual([
        expect.objectContaining({ kind: 'later', retryAfterInMs }),
      ]);
    }
  });

  test('leaves the service alone for as long as it wants', async () => {
    shop.service.faults.add({ on: 'write', fault: 'unavailable', times: 1, retryAfterInMs: 7_000 });
    await expect(shop.put([{ id: 'a' }])).rejects.toThrow(expect.objectContaining({ code: 'unavailable' }));
    const [stored] = await shop.store.load(productCopy, [{ tenant: 'default', name: 'a' }]);
    await expect(shop.store.confirm!(productCopy, [stored!])).rejects.toThrow();
    expect(sent()).toMatchObject({ refused: 1, batch: 0 });
    await shop.clock.advance(7_000);
    await shop.store.confirm!(productCopy, [stored!]);
    expect(sent()).toMatchObject({ refused: 1, batch: 1 });
  });

  test('an older state that was held up on its way is repaired by the next sweep', async () => {
    const { service, store, clock } = shop;
    const names = async () =>
      (await productIndex.in(shop.open()).search('')).documents.map(({ name }) => name);
    service.faults.add({ on: 'write', fault: 'hold', delayInMs: 5_000, times: 1 });
    await expect(shop.put([{ id: 'a', name: 'older' }])).rejects.toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
    const [stored] = await store.load(productCopy, [{ tenant: 'default', name: 'a' }]);
    const body = JSON.stringify({ ...JSON.parse(stored!.body!), name: 'newer' });
    const marks = marksOf([[0, positionAt(1, 0)]]);
    await store.write(productCopy, [{ id: stored!.id, body, marks, expectedRevision: stored!.revision }]);
    const swept = await store.sweep!(productCopy, undefined, async () => {});
    expect(await names()).toEqual(['newer']);
    service.clock.advance(5_000);
    expect(await names()).toEqual(['older']);
    await clock.advance(5_000);
    await store.sweep!(productCopy, swept, async () => {});
    expect(await names()).toEqual(['newer']);
  });

  test('looks at what is said of each document', async () => {
    for (const fault of ['unavailable', 'throttle', 'conflict'] as const)
      shop.service.faults.add({ on: 'document', fault, times: 1 });
    const changes = [
      ...['a', 'b', 'c'].map((name) => productChange(name)),
      productChange('d', { name: 'x'.repeat(40_000) }),
      productChange('e'),
    ];
    const outcomes = await shop.sink.mirror(productCopy, changes);
    expect(kinds(outcomes)).toEqual(['later', 'later', 'later', 'refused', 'mirrored']);
    expect(outcomes[3]).toMatchObject({ reason: expect.stringContaining('name') });
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
    const many = Array.from({ length: 2_001 }, (_, index) => productChange(`p${index}`));
    expect(new Set(kinds(await shop.sink.mirror(productCopy, many)))).toEqual(new Set(['mirrored']));
    expect(sent()).toMatchObject({ batch: 3, documents: 2_001 });
    const large = Array.from({ length: 5 }, (_, index) =>
      productChange(`large${index}`, { description: 'x'.repeat(5_000_000) }),
    );
    expect(new Set(kinds(await shop.sink.mirror(productCopy, large)))).toEqual(new Set(['mirrored']));
    expect(sent()).toMatchObject({ batch: 5, documents: 2_006 });
  });

  test('stops asking a service that is busy', async () => {
    shop.service.faults.add({ on: 'write', fault: 'unavailable' });
    const changes = Array.from({ length: 3_000 }, (_, index) => productChange(`p${index}`));
    const outcomes = kinds(await shop.sink.mirror(productCopy, changes));
    expect(new Set(outcomes)).toEqual(new Set(['later']));
    expect(outcomes).toHaveLength(3_000);
    expect(sent()).toMatchObject({ refused: 1, batch: 0 });
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
    await changeIndex((field) => {
      if (field.name === 'tags') return undefined;
      return field.name === 'price' ? { ...field, sortable: false } : field;
    });
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
    expect(sent().batch).toBe(0);
  });

  test('an app with an index that differs, or with none declared, does not start', async () => {
    await changeIndex((field) => (field.name === 'price' ? { ...field, type: 'Edm.Int64' } : field));
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
    shop.service.faults.add({ on: 'request', fault: 'cut-connection' });
    // A service that cannot be reached does not keep an app from starting.
    expect(await faultsWith([productIndex])).toEqual([]);
  });

  test('one that is gone is not made anew in silence', async () => {
    await shop.service.indexes.deleteIndex(indexName);
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
    expect(await shop.service.indexNames()).toEqual(['diptych-products-v1-g1', 'other-products-v1-g1']);
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
