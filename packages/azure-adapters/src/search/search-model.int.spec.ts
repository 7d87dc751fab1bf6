import { noMarks } from '@diptych/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ProductShop,
  productCopy,
  productDefinition,
  productIndex,
  productShop,
} from '../fixtures/products.js';
import { searchFilter } from './search-filter.js';

let shop: ProductShop;
beforeEach(async () => {
  shop = await productShop();
});
afterEach(() => shop.close());

const ids = ({ hits }: { readonly hits: readonly { readonly id: string }[] }) => hits.map(({ id }) => id);

describe('a search', () => {
  test('gives the declared fields of what fits, typed, with count and facets', async () => {
    await shop.put([
      { id: 'a', name: 'Red shoes', category: 'shoes', price: 10, supplier: { name: 'x' } },
      { id: 'b', name: 'Blue shoes', category: 'shoes', price: 30, tags: ['sale'] },
      { id: 'c', name: 'Red hat', category: 'hats', price: 20 },
    ]);
    const found = await productIndex.in(shop.open()).search('red', {
      orderBy: ['price desc'],
      facets: { category: { count: 5 } },
      count: true,
    });
    expect(ids(found)).toEqual(['c', 'a']);
    expect(found.documents[1]).toEqual({
      name: 'Red shoes',
      category: 'shoes',
      price: 10,
      tags: [],
      since: null,
      isNew: null,
      description: null,
    });
    expect(found.count).toBe(2);
    expect(found.facets.category).toContainEqual(expect.objectContaining({ value: 'shoes', count: 1 }));
    expect(found.next).toBeUndefined();
  });

  test('counts values: the most frequent, in steps, and between bounds', async () => {
    await shop.put([5, 12, 18, 40].map((price) => ({ id: `p${price}`, price, category: `${price > 15}` })));
    const model = productIndex.in(shop.open());
    const counted = async (facets: Parameters<typeof model.search>[1] & object) =>
      Object.values((await model.search('', facets)).facets)[0]!.map(({ value, from, to, count }) => [
        value ?? [from, to],
        count,
      ]);
    expect(await counted({ facets: { category: { count: 1 } } })).toEqual([['false', 2]]);
    expect(await counted({ facets: { price: { interval: 10 } } })).toEqual([
      [0, 1],
      [10, 2],
      [40, 1],
    ]);
    expect(await counted({ facets: { price: { values: [12, 40] } } })).toEqual([
      [[undefined, 12], 1],
      [[12, 40], 2],
      [[40, undefined], 1],
    ]);
  });

  test('filters by values, orders, selects and looks where it is told', async () => {
    await shop.put([
      { id: 'a', name: "O'Neil", category: "it's", price: 10 },
      { id: 'b', name: 'Other', category: 'b', price: 5, tags: ['oneil'] },
    ]);
    const model = productIndex.in(shop.open());
    const filter = searchFilter`category eq ${"it's"} and price ge ${10}`;
    expect((await model.search('', { filter, select: ['price'] })).documents).toEqual([{ price: 10 }]);
    expect(ids(await model.search('oneil', { searchFields: ['tags'] }))).toEqual(['b']);
    expect(ids(await model.search('', { orderBy: ['price'] }))).toEqual(['b', 'a']);
  });

  test('sees its own tenant, whatever the filter says', async () => {
    await shop.put([{ id: 'a', category: 'x' }], 'one');
    await shop.put([{ id: 'b', category: 'x' }], "two' or true or 'a' eq 'a");
    const one = productIndex.in(shop.open('one'));
    const any = searchFilter`category eq ${'x'} or diptychTenant ne ${'one'} or diptychDeleted eq false`;
    expect(ids(await one.search('', { filter: any }))).toEqual(['a']);
    const value = searchFilter`category eq ${"x') or (diptychTenant ne 'one"}`;
    expect(ids(await one.search('', { filter: value }))).toEqual([]);
    expect(ids(await productIndex.in(shop.open("two' or true or 'a' eq 'a")).search(''))).toEqual(['b']);
    await expect(one.search('', { filter: 'category eq 1' as never })).rejects.toThrow(
      expect.objectContaining({ code: 'search-filter' }),
    );
  });

  test('goes on where a page ended, more than the service gives at once', async () => {
    await shop.put(Array.from({ length: 1_203 }, (_, index) => ({ id: `p${index}`, price: index % 7 })));
    const model = productIndex.in(shop.open());
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await model.search('', { orderBy: ['price'], top: 1_000, after });
      found.push(...ids(page));
      after = page.next;
    } while (after !== undefined);
    expect(found).toHaveLength(1_203);
    expect(new Set(found).size).toBe(1_203);
  });

  test('gives texts back as they were, also those that look like something else', async () => {
    const names = ['2030-01-01T00:00:00Z', 'NaN', 'INF', '-INF', '{"type":"Point"}'];
    await shop.put(names.map((name, index) => ({ id: `${index}`, name, price: index, tags: [name] })));
    const found = await productIndex
      .in(shop.open())
      .search('', { orderBy: ['price'], select: ['name', 'tags'] });
    expect(found.documents).toEqual(names.map((name) => ({ name, tags: [name] })));
  });

  test('can give documents as they are stored: whole, as new as they are, without those that are gone', async () => {
    await shop.put([
      { id: 'a', price: 1, supplier: { name: 'x' } },
      { id: 'b', price: 2 },
    ]);
    // The index lags behind the store.
    shop.service.faults.add({ on: 'write', fault: 'unavailable' });
    const write = async (name: string, body: string | null) => {
      const [before] = await shop.store.load(productCopy, [{ tenant: 'default', name }]);
      const change = { id: before!.id, body, marks: noMarks, expectedRevision: before!.revision };
      await expect(shop.store.write(productCopy, [change])).rejects.toThrow();
    };
    await write('a', JSON.stringify({ id: 'a', price: 9, supplier: { name: 'y' } }));
    await write('b', null);
    const found = await productIndex.in(shop.open()).searchStored('');
    expect(found.documents).toEqual([{ id: 'a', price: 9, supplier: { name: 'y' } }]);
    expect(ids(found)).toEqual(['a']);
  });

  test('refuses what was not declared, and pages that there are not', async () => {
    const model = productIndex.in(shop.open());
    const unfit = [
      { orderBy: ['category'] },
      { orderBy: ['price desc, diptychTenant'] },
      { facets: { name: {} } },
      { facets: { price: { interval: '1,count:5' } } },
      { select: ['supplier'] },
      { select: ['diptychTenant'] },
      { searchFields: ['price'] },
      { select: ['__proto__'] },
    ];
    for (const request of unfit)
      await expect(model.search('', request as never)).rejects.toThrow(
        expect.objectContaining({ code: 'search-field' }),
      );
    for (const top of [0, 1_001, 1.5])
      await expect(model.search('', { top })).rejects.toThrow(
        expect.objectContaining({ code: 'page-limit' }),
      );
    for (const after of ['x', '-1', '99999999', '100000', '1 or 1'])
      await expect(model.search('', { after })).rejects.toThrow(
        expect.objectContaining({ code: 'page-after' }),
      );
  });

  test('tells when its read model is not mirrored here', async () => {
    const { MemoryReadModelStore } = await import('@diptych/core/memory');
    const store = new MemoryReadModelStore();
    await store.create(productDefinition, productCopy);
    const model = productIndex.in(store.open(productDefinition, productCopy, 'default'));
    await expect(model.search('x')).rejects.toThrow(expect.objectContaining({ code: 'search-not-mirrored' }));
  });

  test('is asked again when the service is busy, and tells when it stays so or refuses', async () => {
    await shop.put([{ id: 'a' }]);
    shop.service.faults.add({ on: 'query', fault: 'unavailable', times: 1, retryAfterInMs: 1 });
    const model = productIndex.in(shop.open());
    expect(ids(await model.search(''))).toEqual(['a']);
    shop.service.faults.add({ on: 'query', fault: 'throttle', retryAfterInMs: 1 });
    await expect(model.search('')).rejects.toThrow(expect.objectContaining({ code: 'unavailable' }));
    shop.service.faults.clear();
    const unfilterable = model.search('', { filter: searchFilter`name eq ${'x'}` });
    await expect(unfilterable).rejects.toThrow(expect.objectContaining({ code: 'search-refused' }));
  });
});
