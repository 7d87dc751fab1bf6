import { On, Projection, projection } from '@diptych/core';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import { takeBack } from '../lines/returned-lines.js';
import { plus, zero } from '../money/money.js';
import { OrderPaid } from '../pay-order/order-paid.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { OrderShipped } from '../ship-order/order-shipped.js';
import type { OrderDocument } from './order-document.js';

/** All that happens to an order is in its stream, in order: behind `placed` there is always a document. */
@Projection({ name: 'order-details', version: 1 })
export class OrderDetailsProjection extends projection<OrderDocument>() {
  @On(OrderPlaced, ({ orderId }) => orderId)
  placed({ lines, ...placed }: OrderPlaced): OrderDocument {
    const kept = lines.map((line) => ({ ...line, returned: 0 }));
    return { kind: 'order', ...placed, status: 'placed', returned: zero, lines: kept };
  }

  @On(OrderPaid, ({ orderId }) => orderId)
  paid(_paid: OrderPaid, order: OrderDocument | undefined): OrderDocument {
    return { ...order!, status: 'paid' };
  }

  @On(OrderShipped, ({ orderId }) => orderId)
  shipped(_shipped: OrderShipped, order: OrderDocument | undefined): OrderDocument {
    return { ...order!, status: 'shipped' };
  }

  @On(OrderCancelled, ({ orderId }) => orderId)
  cancelled(_cancelled: OrderCancelled, order: OrderDocument | undefined): OrderDocument {
    return { ...order!, status: 'cancelled' };
  }

  @On(GoodsReturned, ({ orderId, returnId }) => orderId ?? returnId)
  returned(returned: GoodsReturned, order: OrderDocument | undefined): OrderDocument {
    return returned.orderId === undefined ? returnOf(returned) : backOn(order!, returned);
  }
}

function backOn(order: OrderDocument, { lines, total, complete }: GoodsReturned): OrderDocument {
  return {
    ...order,
    status: complete ? 'returned' : order.status,
    returned: plus(order.returned, total),
    lines: lines.reduce((kept, line) => takeBack(kept, line).lines, order.lines),
  };
}

function returnOf({ returnId, customerId, country, returnedAt, total, lines }: GoodsReturned): OrderDocument {
  return {
    kind: 'return',
    orderId: returnId,
    customerId,
    country,
    status: 'returned',
    placedAt: returnedAt,
    total,
    returned: total,
    lines: lines.map((line) => ({ ...line, returned: line.quantity })),
  };
}
