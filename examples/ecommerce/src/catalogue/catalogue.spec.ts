import { type TestApp, testApp } from '@diptych/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlaceOrder } from '../place-order/place-order.js';
import { shopProgram } from '../shop.js';
import { offerBuiltInProducts } from './built-in-products.js';
import { OfferProduct } from './offer-product.js';
import { ProductOffered } from './product-offered.js';
import { SearchProducts } from './search-products.js';

const operator = { subject: { id: 'jo', roles: ['operator'] } };
const customer = { subject: { id: '17850', roles: ['customer'] } };
const line = { productCode: 'X1', description: 'CRÈME LANTERNS', quantity: 1, price: '1' };
const order = { customerId: '17850', country: 'France', lines: [line] };

let shop: TestApp;
beforeEach(async () => {
  shop = await testApp(shopProgram());
  await offerBuiltInProducts(shop.commands);
  await shop.settled();
});
afterEach(() => shop.stop());

async function found(text: string): Promise<readonly string[]> {
  const { products } = await shop.queries.execute(new SearchProducts({ text }));
  return products.map(({ productCode }) => productCode);
}

describe('the catalogue', () => {
  it('is found by the beginnings of words, in any order, and by code', async () => {
    expect(await found('lan white')).toEqual(['71053']);
    expect(await found('2242')).toEqual(['22423']);
    expect(await found('antern')).toEqual([]);
  });

  it('shows everything when nothing is asked, the most ordered first, and says that there is more', async () => {
    await shop.commands.execute(
      new PlaceOrder({ ...order, lines: [{ ...line, productCode: '20725' }] }),
      customer,
    );
    await shop.settled();
    const { products, more } = await shop.queries.execute(new SearchProducts({ limit: 2 }));
    expect(products).toMatchObject([{ productCode: '20725', sold: 1 }, {}]);
    expect(more).toBe(true);
    expect(await found('')).toHaveLength(8);
  });

  it('puts whole words before beginnings', async () => {
    await shop.commands.execute(
      new OfferProduct({ productCode: 'A', name: 'Lantern hook', price: '1' }),
      operator,
    );
    await shop.commands.execute(
      new PlaceOrder({ ...order, lines: [{ ...line, productCode: 'X1' }] }),
      operator,
    );
    await shop.settled();
    expect(await found('lanterns')).toEqual(['X1']);
    expect((await found('lantern')).at(-1)).toBe('X1');
  });

  it('takes up what stands on imported invoices, and nothing that customers write on their orders', async () => {
    await shop.commands.execute(new PlaceOrder(order), customer);
    await shop.settled();
    expect(await found('creme')).toEqual([]);
    await shop.commands.execute(new PlaceOrder(order), operator);
    await shop.settled();
    expect(await found('creme')).toEqual(['X1']);
  });

  it('promise 4: offers what is built in once, however often the shop starts', async () => {
    await offerBuiltInProducts(shop.commands);
    expect(await shop.recorded.events(ProductOffered)).toHaveLength(8);
  });

  it('promise 9: lets only operators offer products', async () => {
    const offer = new OfferProduct({ productCode: 'A', name: 'A', price: '1' });
    await expect(shop.commands.execute(offer, customer)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('refuses a price that is none', async () => {
    const offer = new OfferProduct({ productCode: 'A', name: 'A', price: '0' });
    await expect(shop.commands.execute(offer, operator)).rejects.toMatchObject({
      code: 'price',
      details: { path: ['price'] },
    });
  });
});
