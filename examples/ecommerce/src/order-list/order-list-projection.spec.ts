import { inStream, projectionScenario } from '@diptych/testing';
import { it } from 'vitest';
import { OrderPaid } from '../pay-order/order-paid.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { OrderListProjection } from './order-list-projection.js';

const lines = [{ productCode: '71053', description: 'LANTERN', quantity: 2, price: '3.39' }];
const of = { customerId: '17850', country: 'France', total: '6.78' };
const paid = { customerId: '17850', total: '6.78' };
const at = '2010-12-01T08:26:00Z';

it('promise 3: lists each order and each return once, as it stands, with how many lines it has', () =>
  projectionScenario(OrderListProjection)
    .given(
      inStream('order-536365', new OrderPlaced({ ...of, lines, orderId: '536365', placedAt: at })),
      inStream('order-536365', new OrderPaid({ ...paid, orderId: '536365', paidAt: at })),
      inStream('return-C536379', new GoodsReturned({ ...of, lines, returnId: 'C536379', returnedAt: at })),
    )
    .everyEventTwice()
    .inAnyInterleaving()
    .thenDocuments({
      '536365': {
        ...of,
        kind: 'order',
        orderId: '536365',
        status: 'paid',
        placedAt: at,
        returned: '0',
        lines: 1,
      },
      C536379: {
        ...of,
        kind: 'return',
        orderId: 'C536379',
        status: 'returned',
        placedAt: at,
        returned: '6.78',
        lines: 1,
      },
    }));
