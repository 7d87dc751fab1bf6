import { inStream, projectionScenario } from '@diptych/testing';
import { it } from 'vitest';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { CustomerSalesProjection } from './customer-sales-projection.js';

const lines = [{ productCode: '71053', description: 'LANTERN', quantity: 1, price: '3.39' }];
const common = { country: 'France', lines };
const at = '2010-12-01T08:26:00Z';

it('promise 3: sums up each customer, whatever order events arrive in and however often', () =>
  projectionScenario(CustomerSalesProjection)
    .given(
      inStream(
        'order-1',
        new OrderPlaced({ ...common, orderId: '1', customerId: 'a', placedAt: at, total: '3.39' }),
      ),
      inStream(
        'order-2',
        new OrderPlaced({ ...common, orderId: '2', customerId: 'b', placedAt: at, total: '1' }),
      ),
      inStream(
        'return-C3',
        new GoodsReturned({ ...common, returnId: 'C3', customerId: 'a', returnedAt: at, total: '5' }),
      ),
    )
    .everyEventTwice()
    .inAnyInterleaving()
    .thenDocuments({
      a: { customerId: 'a', orders: 1, gross: '3.39', returned: '5', net: '-1.61' },
      b: { customerId: 'b', orders: 1, gross: '1', returned: '0', net: '1' },
    }));
