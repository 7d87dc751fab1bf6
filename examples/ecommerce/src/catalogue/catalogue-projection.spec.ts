import { inStream, projectionScenario } from '@diptych/testing';
import { describe, it } from 'vitest';
import { OrderPlaced } from '../place-order/order-placed.js';
import { CatalogueProjection } from './catalogue-projection.js';
import { ProductOffered } from './product-offered.js';
import { beginningsOf } from './search-words.js';

const at = '2010-12-01T08:26:00Z';
const offered = (name: string, price: string, offeredAt: string) =>
  inStream('product-71053', new ProductOffered({ productCode: '71053', name, price, offeredAt }));
const ordered = (orderId: string, description: string, price: string, placedAt = at) =>
  inStream(
    `order-${orderId}`,
    new OrderPlaced({
      orderId,
      customerId: '17850',
      country: 'France',
      placedAt,
      lines: [{ productCode: '71053', description, quantity: 1, price }],
      total: price,
    }),
  );

describe('the catalogue', () => {
  it('promise 3: has what is offered, whatever invoices say and in whichever order they come', () =>
    projectionScenario(CatalogueProjection)
      .given(
        offered('Lantern', '3.39', at),
        offered('White lantern', '3.59', '2010-12-02T08:26:00Z'),
        ordered('1', 'WHITE METAL LANTERN', '9', '2011-01-01T08:26:00Z'),
        ordered('2', 'damaged', '1'),
      )
      .everyEventTwice()
      .inAnyInterleaving()
      .thenDocuments({
        '71053': {
          productCode: '71053',
          name: 'White lantern',
          price: '3.59',
          sold: 2,
          beginnings: beginningsOf('White lantern', '71053'),
          source: 'offered 2010-12-02T08:26:00Z',
        },
      }));

  it('has what was invoiced, by the latest invoice', () =>
    projectionScenario(CatalogueProjection)
      .given(ordered('1', 'LANTERN', '3.39', '2010-12-02T08:26:00Z'), ordered('2', 'OLD LANTERN', '3'))
      .inAnyInterleaving()
      .thenDocuments({
        '71053': {
          productCode: '71053',
          name: 'LANTERN',
          price: '3.39',
          sold: 2,
          beginnings: beginningsOf('LANTERN', '71053'),
          source: 'invoiced 2010-12-02T08:26:00Z 1',
        },
      }));
});
