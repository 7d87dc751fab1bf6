import { inStream, projectionScenario } from '@diptych/testing';
import { it } from 'vitest';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import { OrderPaid } from '../pay-order/order-paid.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { OrderTimelineProjection } from './order-timeline-projection.js';

const lines = [{ productCode: '71053', description: 'LANTERN', quantity: 2, price: '3.39' }];
const of = { customerId: '17850', country: 'France', lines, total: '6.78' };
const at = (hour: number) => `2010-12-01T0${hour}:00:00Z`;
const by = 'system';

it('promise 3: has each event of an order once, in order, whatever is delivered twice', () =>
  projectionScenario(OrderTimelineProjection)
    .given(
      inStream(
        'order-536365',
        new OrderPlaced({ ...of, orderId: '536365', placedAt: at(1) }),
        new OrderPaid({ orderId: '536365', customerId: '17850', total: '6.78', paidAt: at(2) }),
        new OrderCancelled({ ...of, orderId: '536365', reason: 'too late', cancelledAt: at(3) }),
      ),
      inStream('return-C536379', new GoodsReturned({ ...of, returnId: 'C536379', returnedAt: at(4) })),
    )
    .everyEventTwice()
    .inAnyInterleaving()
    .thenDocuments({
      '536365': {
        orderId: '536365',
        customerId: '17850',
        entries: [
          { event: 'shop.OrderPlaced', at: at(1), by, note: '1 line' },
          { event: 'shop.OrderPaid', at: at(2), by, note: '' },
          { event: 'shop.OrderCancelled', at: at(3), by, note: 'too late' },
        ],
      },
      C536379: {
        orderId: 'C536379',
        customerId: '17850',
        entries: [{ event: 'shop.GoodsReturned', at: at(4), by, note: '2 × LANTERN' }],
      },
    }));
