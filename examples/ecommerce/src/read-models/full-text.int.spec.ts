import { startCosmos, startSearch } from '@diptych/azure-emulators';
import type { ResultOf } from '@diptych/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { offerBuiltInProducts } from '../catalogue/built-in-products.js';
import { OfferProduct } from '../catalogue/offer-product.js';
import { SearchProducts } from '../catalogue/search-products.js';
import { OrdersByCustomer } from '../orders-by-customer/orders-by-customer.js';
import { OrdersByStatus } from '../orders-by-status/orders-by-status.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { createShop, type Shop } from '../shop.js';
import { shopOptions } from '../shop-options.js';
import { memoryStorage } from '../storage/memory-storage.js';
import { namedReadModels } from './named-read-models.js';
import type { ShopReadModels } from './shop-read-models.js';

const operator = { subject: { id: 'jo', roles: ['operator'] } };
const customer = { subject: { id: '17850', roles: ['customer'] } };
const closing: (() => Promise<unknown>)[] = [];
let [shop, plain]: Shop[] = [];
let readModels: ShopReadModels;

beforeAll(async () => {
  const [cosmos, search] = [await startCosmos(), await startSearch()];
  closing.push(
    () => cosmos.stop(),
    () => search.stop(),
  );
  const storage = memoryStorage();
  const options = shopOptions(['--memory'], {
    SHOP_COSMOS: cosmos.connectionString,
    SHOP_SEARCH: `Endpoint=${search.endpoint};Key=${search.key}`,
  });
  readModels = await namedReadModels(options, storage, () => {});
  closing.push(() => readModels.close());
  shop = await createShop({ storage, readModels });
  plain = await createShop();
  for (const one of [shop, plain]) {
    await one.start();
    closing.push(() => one.stop());
  }
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

test('AI Search finds the products that the declared index finds, the most ordered first', async () => {
  const offer = new OfferProduct({ productCode: 'X-9', name: "Crème lanterns, children's", price: '1' });
  for (const one of [shop!, plain!]) {
    await offerBuiltInProducts(one.commands);
    const lines = [{ productCode: '20725', description: '', quantity: 1, price: '1' }];
    await one.commands.execute(new PlaceOrder({ customerId: '1', country: 'France', lines }), operator);
    await one.commands.execute(offer, operator);
  }
  const { consistency: after } = await shop!.commands.dispatch(offer, operator);
  const { consistency: afterPlain } = await plain!.commands.dispatch(offer, operator);
  for (const text of [
    '',
    'lan white',
    'lantern',
    'creme',
    'CRÈME',
    's',
    '2242',
    'antern',
    'x 9',
    '-"(*)+|~',
  ]) {
    const query = new SearchProducts({ text, limit: 200 });
    const found = await shop!.queries.execute(query, { after });
    expect(byCode(found), text).toEqual(byCode(await plain!.queries.execute(query, { after: afterPlain })));
    if (text === '') expect(found.products[0]).toMatchObject({ productCode: '20725', sold: 1 });
  }
});

// Those that are ordered equally often come in no particular order.
function byCode({ products }: ResultOf<SearchProducts>) {
  return products.toSorted((one, other) => (one.productCode < other.productCode ? -1 : 1));
}

test('promise 5: orders are listed from Cosmos DB by customer and by status, right after they were placed', async () => {
  const lines = [{ productCode: '71053', description: 'LANTERN', quantity: 2, price: '3.39' }];
  const { result, consistency: after } = await shop!.commands.dispatch(
    new PlaceOrder({ customerId: '17850', country: 'France', lines }),
    customer,
  );
  const mine = await shop!.queries.execute(new OrdersByCustomer({ customerId: '17850' }), {
    ...customer,
    after,
  });
  expect(mine.orders).toMatchObject([{ orderId: result.orderId, lines: 1 }]);
  const placed = await shop!.queries.execute(new OrdersByStatus({ status: 'placed' }), {
    ...operator,
    after,
  });
  expect(placed.orders.map(({ orderId }) => orderId)).toContain(result.orderId);
  expect(await readModels.stores['order-list']!.list('order-list')).toMatchObject([{ state: 'serving' }]);
});
