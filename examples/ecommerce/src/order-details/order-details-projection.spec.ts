import { inStream, projectionScenario } from '@diptych/testing';
import { it } from 'vitest';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { OrderDetailsProjection } from './order-details-projection.js';

const line = { productCode: '71053', description: 'LANTERN', quantity: 2, price: '3.39' };
const lines = [line];
const of = { customerId: '17850', country: 'France', lines, total: '6.78' };
const at = '2010-12-01T08:26:00Z';

it('promise 3: has each order and each return once, with its status', () =>
  projectionScenario(OrderDetailsProjection)
    .given(
      inStream('order-536365', new OrderPlaced({ ...of, orderId: '536365', placedAt: at })),
      inStream('return-C536379', new GoodsReturned({ ...of, returnId: 'C536379', returnedAt: at })),
    )
    .everyEventTwice()
    .inAnyInterleaving()
    .thenDocuments({
      '536365': {
        ...of,
        kind: 'order',
        orderId: '536365',
        status: 'placed',
        placedAt: at,
        returned: '0',
        lines: [{ ...line, returned: 0 }],
      },
      C536379: {
        ...of,
        kind: 'return',
        orderId: 'C536379',
        status: 'returned',
        placedAt: at,
        returned: '6.78',
        lines: [{ ...line, returned: 2 }],
      },
    }));
