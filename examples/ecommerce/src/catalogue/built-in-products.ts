import { type CommandBus, system } from '@diptych/core';
import { OfferProduct } from './offer-product.js';

/** What the shop has before any invoices are imported, which bring products and prices of their own. */
const builtInProducts = [
  { productCode: '85123A', name: 'White hanging heart T-light holder', price: '2.55' },
  { productCode: '71053', name: 'White metal lantern', price: '3.39' },
  { productCode: '84406B', name: 'Cream cupid hearts coat hanger', price: '2.75' },
  { productCode: '22423', name: 'Regency cakestand, three tiers', price: '12.75' },
  { productCode: '84879', name: 'Assorted colour bird ornament', price: '1.69' },
  { productCode: '22086', name: 'Paper chain kit, fifties Christmas', price: '2.95' },
  { productCode: '20725', name: 'Lunch bag, red retrospot', price: '1.65' },
  { productCode: '21730', name: 'Glass star frosted T-light holder', price: '4.25' },
];

/** Offers them, under ids of their own: once, however often the shop is started on the same database. */
export async function offerBuiltInProducts(commands: Pick<CommandBus, 'dispatch'>): Promise<void> {
  for (const product of builtInProducts) {
    await commands.dispatch(new OfferProduct(product), {
      id: `built-in-${product.productCode}`,
      subject: system,
    });
  }
}
