import { On, Projection, projection } from '@diptych/core';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import type { OrderDocument } from './order-document.js';

@Projection({
  name: 'order-details',
  version: 1,
  indexes: {
    byCustomer: { by: ['customerId'], sort: 'placedAt' },
    byCustomerAndStatus: { by: ['customerId', 'status'], sort: 'placedAt' },
  },
})
export class OrderDetailsProjection extends projection<OrderDocument>() {
  @On(OrderPlaced, ({ orderId }) => orderId)
  placed(placed: OrderPlaced): OrderDocument {
    const { orderId, customerId, country, placedAt, total, lines } = placed;
    return { orderId, customerId, country, status: 'placed', placedAt, total, lines };
  }

  @On(GoodsReturned, ({ returnId }) => returnId)
  returned(returned: GoodsReturned): OrderDocument {
    const { returnId, customerId, country, returnedAt, total, lines } = returned;
    return { orderId: returnId, customerId, country, status: 'returned', placedAt: returnedAt, total, lines };
  }
}
