import { describe, expect, test } from 'vitest';
import { ManualClock } from '../clock/manual-clock.js';
import { FaultPlan } from '../faults/fault-plan.js';
import { indexesOf, productsOf, runningSearch } from '../fixtures/running-search.js';

async function faultySearch() {
  const [clock, faults] = [new ManualClock(), new FaultPlan()];
  const search = await runningSearch({ clock, faults });
  return { clock, faults, search, products: productsOf(search) };
}

const nameOf = async (products: ReturnType<typeof productsOf>) => (await products.getDocument('1')).name;

describe('visibility', () => {
  test('what was acknowledged is found after the delay, and not before', async () => {
    const clock = new ManualClock();
    const search = await runningSearch({ clock, indexingDelayInMs: 500 });
    const products = productsOf(search);
    await products.uploadDocuments([{ id: '1', name: 'Hat' }]);
    clock.advance(499);
    expect(await products.getDocumentsCount()).toBe(0);
    expect((await products.search('hat', { includeTotalCount: true })).count).toBe(0);
    clock.advance(1);
    expect((await products.search('hat', { includeTotalCount: true })).count).toBe(1);
    await products.deleteDocuments('id', ['1']);
    expect(await products.getDocumentsCount()).toBe(1);
    clock.advance(500);
    expect(await products.getDocumentsCount()).toBe(0);
  });

  test('a merge goes by what was written, seen or not', async () => {
    const clock = new ManualClock();
    const products = productsOf(await runningSearch({ clock, indexingDelayInMs: 500 }));
    await products.uploadDocuments([{ id: '1', name: 'Hat' }]);
    await products.mergeDocuments([{ id: '1', price: 2 }]);
    clock.advance(500);
    expect(await products.getDocument('1')).toEqual({ id: '1', name: 'Hat', price: 2 });
  });

  test('what was written later stays, also where the delay was changed', async () => {
    const clock = new ManualClock();
    const search = await runningSearch({ clock, indexingDelayInMs: 500 });
    const products = productsOf(search);
    await products.uploadDocuments([{ id: '1', name: 'older' }]);
    search.showAfter(0);
    await products.uploadDocuments([{ id: '1', name: 'newer' }, { id: '2' }]);
    await products.deleteDocuments('id', ['2']);
    clock.advance(1_000);
    expect(await nameOf(products)).toBe('newer');
    expect(await products.getDocumentsCount()).toBe(1);
  });
});

describe('faults on demand', () => {
  test('a busy service says how long to wait, and a client that does goes through', async () => {
    const { faults, search, products } = await faultySearch();
    faults.add({ on: 'write', fault: 'unavailable', times: 1, retryAfterInMs: 3_000 });
    const refused = products.uploadDocuments([{ id: '1' }]);
    await expect(refused).rejects.toMatchObject({ statusCode: 503 });
    faults.add({ on: 'query', fault: 'throttle', times: 2, retryAfterInMs: 1 });
    await productsOf(search, { retryOptions: { maxRetries: 3 } }).search('*');
    expect(search.operations('products')).toEqual({ refused: 3, search: 1 });
  });

  test('strike one kind of request on one index', async () => {
    const { faults, search, products } = await faultySearch();
    await indexesOf(search).createIndex({
      name: 'others',
      fields: [{ name: 'id', type: 'Edm.String', key: true }],
    });
    faults.add({ on: 'request', entity: 'others', fault: 'unavailable' });
    faults.add({ on: 'read', entity: 'products', fault: 'throttle' });
    await products.uploadDocuments([{ id: '1' }]);
    await expect(products.getDocument('1')).rejects.toMatchObject({ statusCode: 429 });
    await expect(indexesOf(search).getIndex('others')).rejects.toMatchObject({ statusCode: 503 });
  });

  test('one document of a batch fails, and the others do not', async () => {
    const { faults, products } = await faultySearch();
    for (const fault of ['unavailable', 'throttle', 'conflict'] as const)
      faults.add({ on: 'document', fault, times: 1 });
    const { results } = await products.uploadDocuments(['1', '2', '3', '4'].map((id) => ({ id })));
    expect(results.map(({ statusCode }) => statusCode)).toEqual([503, 429, 409, 201]);
    expect(await products.getDocumentsCount()).toBe(1);
  });

  test('a connection that is cut before or after the effect looks the same to the client', async () => {
    const { faults, products } = await faultySearch();
    for (const [id, afterEffect] of [
      ['before', false],
      ['after', true],
    ] as const) {
      const remove = faults.add({ on: 'write', fault: 'cut-connection', afterEffect });
      await expect(products.uploadDocuments([{ id }])).rejects.not.toHaveProperty('statusCode', 409);
      remove();
    }
    await expect(products.getDocument('before')).rejects.toMatchObject({ statusCode: 404 });
    expect(await products.getDocument('after')).toMatchObject({ id: 'after' });
  });

  test('a request that is held up comes behind those that were sent after it', async () => {
    const { clock, faults, products } = await faultySearch();
    await products.uploadDocuments([{ id: '1', name: 'first' }]);
    faults.add({ on: 'write', fault: 'hold', delayInMs: 200, times: 1 });
    faults.add({ on: 'write', fault: 'hold', delayInMs: 100, times: 1 });
    await expect(products.uploadDocuments([{ id: '1', name: 'second' }])).rejects.toThrow();
    await expect(products.uploadDocuments([{ id: '1', name: 'third' }])).rejects.toThrow();
    await products.uploadDocuments([{ id: '1', name: 'fourth' }]);
    expect(await nameOf(products)).toBe('fourth');
    clock.advance(100);
    expect(await nameOf(products)).toBe('third');
    clock.advance(100);
    expect(await nameOf(products)).toBe('second');
  });

  test('a request that the network doubles is served twice', async () => {
    const { faults, search, products } = await faultySearch();
    faults.add({ on: 'write', fault: 'duplicate', times: 1 });
    const { results } = await products.uploadDocuments([{ id: '1' }]);
    expect(results[0]!.statusCode).toBe(200);
    expect(search.operations('products')).toEqual({ batch: 2, documents: 2 });
  });

  test('everything is refused for a time, and then no more', async () => {
    const { clock, search, products } = await faultySearch();
    search.throttle({ durationInMs: 1_000 });
    await expect(products.search('*')).rejects.toMatchObject({ statusCode: 429 });
    await expect(indexesOf(search).getIndex('products')).rejects.toMatchObject({ statusCode: 429 });
    clock.advance(1_000);
    await products.search('*');
  });
});
