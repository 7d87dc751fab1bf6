import { expect, test } from 'vitest';
import { indexesOf, productsOf, runningSearch } from '../fixtures/running-search.js';

test('a query key can ask, and change nothing', async () => {
  const search = await runningSearch({ queryKey: 'asking' });
  await productsOf(search).uploadDocuments([{ id: '1', name: 'Hat' }]);
  const asking = { endpoint: search.endpoint, key: 'asking' };
  const products = productsOf(asking);
  expect(await products.getDocumentsCount()).toBe(1);
  expect(await products.getDocument('1')).toMatchObject({ name: 'Hat' });
  expect((await products.search('hat', { includeTotalCount: true })).count).toBe(1);
  expect((await products.suggest('h', 'sg')).results).toHaveLength(1);
  expect((await products.autocomplete('h', 'sg')).results).toHaveLength(1);
  for (const refused of [
    products.uploadDocuments([{ id: '2' }]),
    indexesOf(asking).getIndex('products'),
    indexesOf(asking).deleteIndex('products'),
  ])
    await expect(refused).rejects.toMatchObject({ statusCode: 403 });
});

test('a wrong key is refused, and the right one that the emulator was given is not', async () => {
  const search = await runningSearch({ key: 'mine' });
  expect((await indexesOf(search).getIndex('products')).name).toBe('products');
  const refused = indexesOf({ ...search, key: 'other' }).getIndex('products');
  await expect(refused).rejects.toMatchObject({ statusCode: 403 });
});

test('a bearer token that the emulator knows may do all; another one, or none, may do nothing', async () => {
  const { endpoint } = await runningSearch({ tokens: ['known'] });
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${endpoint}/indexes?api-version=2026-04-01`, { headers })).status;
  expect(await status({ authorization: 'Bearer known' })).toBe(200);
  expect(await status({ authorization: 'Bearer other' })).toBe(401);
  expect(await status({ authorization: 'Basic known' })).toBe(401);
  expect(await status({})).toBe(401);
});

test('where access is not checked whoever asks is served', async () => {
  const { endpoint } = await runningSearch({ checksAccess: false });
  expect((await fetch(`${endpoint}/indexes?api-version=2026-04-01`)).status).toBe(200);
});
