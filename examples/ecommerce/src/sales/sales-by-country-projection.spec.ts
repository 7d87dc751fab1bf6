import { inStream, projectionScenario } from '@diptych/testing';
import { describe, it } from 'vitest';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { SalesByCountryProjection } from './sales-by-country-projection.js';

const lines = [{ productCode: '71053', description: 'LANTERN', quantity: 1, price: '3.39' }];
const at = '2010-12-01T08:26:00Z';

const placed = (orderId: string, country: string, total: string) =>
  inStream(
    `order-${orderId}`,
    new OrderPlaced({ orderId, customerId: '17850', country, placedAt: at, lines, total }),
  );
const returned = (returnId: string, country: string, total: string) =>
  inStream(
    `return-${returnId}`,
    new GoodsReturned({ returnId, customerId: '17850', country, returnedAt: at, lines, total }),
  );

describe('sales by country', () => {
  it('promise 3: sums up each country, whatever order events arrive in and however often', () =>
    projectionScenario(SalesByCountryProjection)
      .given(
        placed('1', 'France', '10.10'),
        placed('2', 'France', '0.005'),
        returned('C3', 'France', '2.5'),
        placed('4', 'Spain', '1'),
      )
      .everyEventTwice()
      .inAnyInterleaving()
      .thenDocuments({
        France: { country: 'France', orders: 2, gross: '10.105', returned: '2.5', net: '7.605' },
        Spain: { country: 'Spain', orders: 1, gross: '1', returned: '0', net: '1' },
      }));

  it('has a country from which only something came back', () =>
    projectionScenario(SalesByCountryProjection)
      .given(returned('C1', 'Japan', '27.5'))
      .thenDocuments({ Japan: { country: 'Japan', orders: 0, gross: '0', returned: '27.5', net: '-27.5' } }));

  it('has no country to begin with', () =>
    projectionScenario(SalesByCountryProjection).given().thenNothing());
});
