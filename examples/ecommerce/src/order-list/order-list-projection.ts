import { On, Projection, projection } from '@diptych/core';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import { plus, zero } from '../money/money.js';
import { OrderPaid } from '../pay-order/order-paid.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { OrderShipped } from '../ship-order/order-shipped.js';
import type { ListedOrder } from './listed-order.js';

/** Orders for whoever looks through many of them: without their lines, and to be found by customer and by status. */
// #region indexes
@Projection({
  name: 'order-list',
  version: 1,
  indexes: {
    byCustomer: { by: ['customerId'], sort: 'placedAt' },
    byCustomerAndStatus: { by: ['customerId', 'status'], sort: 'placedAt' },
    byStatus: { by: ['status'], sort: 'placedAt' },
  },
})
// #endregion
export class OrderListProjection extends projection<ListedOrder>() {
  @On(OrderPlaced, ({ orderId }) => orderId)
  placed({ lines, ...placed }: OrderPlaced): ListedOrder {
    return { kind: 'order', ...placed, status: 'placed', returned: zero, lines: lines.length };
  }

  @On(OrderPaid, ({ orderId }) => orderId)
  paid(_paid: OrderPaid, order: ListedOrder | undefined): ListedOrder {
    return { ...order!, status: 'paid' };
  }

  @On(OrderShipped, ({ orderId }) => orderId)
  shipped(_shipped: OrderShipped, order: ListedOrder | undefined): ListedOrder {
    return { ...order!, status: 'shipped' };
  }

  @On(OrderCancelled, ({ orderId }) => orderId)
  cancelled(_cancelled: OrderCancelled, order: ListedOrder | undefined): ListedOrder {
    return { ...order!, status: 'cancelled' };
  }

  @On(GoodsReturned, ({ orderId, returnId }) => orderId ?? returnId)
  returned(returned: GoodsReturned, order: ListedOrder | undefined): ListedOrder {
    return returned.orderId === undefined ? returnOf(returned) : backOn(order!, returned);
  }
}

function backOn(order: ListedOrder, { total, complete }: GoodsReturned): ListedOrder {
  return {
    ...order,
    status: complete ? 'returned' : order.status,
    returned: plus(order.returned, total),
  };
}

function returnOf({ returnId, customerId, country, returnedAt, total, lines }: GoodsReturned): ListedOrder {
  return {
    kind: 'return',
    orderId: returnId,
    customerId,
    country,
    status: 'returned',
    placedAt: returnedAt,
    total,
    returned: total,
    lines: lines.length,
  };
}
