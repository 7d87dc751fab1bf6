import { inStream, projectionScenario } from '@diptych/testing';
import { it } from 'vitest';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { CustomersProjection } from './customers-projection.js';

const line = (productCode: string, quantity: number, description: string) => ({
  productCode,
  description,
  quantity,
  price: '1',
});
const placed = (orderId: string, country: string, placedAt: string, ...lines: ReturnType<typeof line>[]) =>
  new OrderPlaced({ orderId, customerId: 'a', country, placedAt, lines, total: '1' });

it('promise 3: knows each customer, whatever order events arrive in and however often', () => {
  const called = placed('2', 'Spain', '2010-12-03T00:00:00Z', line('__proto__', 5, 'odd'));
  return projectionScenario(CustomersProjection)
    .given(
      inStream('order-1', placed('1', 'France', '2010-12-01T00:00:00Z', line('71053', 6, 'LANTERN'))),
      inStream(
        'order-2',
        called,
        new OrderCancelled({ ...called, reason: '', cancelledAt: '2010-12-04T00:00:00Z' }),
      ),
      inStream(
        'return-C3',
        new GoodsReturned({
          returnId: 'C3',
          customerId: 'a',
          country: 'France',
          returnedAt: '2010-12-02T00:00:00Z',
          lines: [line('71053', 2, 'LANTERN, WHITE')],
          total: '2',
        }),
      ),
    )
    .everyEventTwice()
    .inAnyInterleaving()
    .thenDocuments({
      a: {
        customerId: 'a',
        countries: ['France', 'Spain'],
        firstOrderAt: '2010-12-01T00:00:00Z',
        lastOrderAt: '2010-12-03T00:00:00Z',
        placed: 2,
        bought: Object.fromEntries([
          [
            '71053',
            { description: 'LANTERN, WHITE', quantity: 4, source: '2010-12-02T00:00:00Z LANTERN, WHITE' },
          ],
          ['__proto__', { description: 'odd', quantity: 0, source: '2010-12-04T00:00:00Z odd' }],
        ]),
      },
    });
});
