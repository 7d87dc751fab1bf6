import { type EventMeta, On, Projection, projection } from '@diptych/core';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import { OrderPaid } from '../pay-order/order-paid.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { OrderShipped } from '../ship-order/order-shipped.js';
import type { TimelineDocument } from './timeline-document.js';

type Timeline = TimelineDocument | undefined;

/** The events of one stream as a document: who did what, and when. */
@Projection({ name: 'order-timeline', version: 1 })
export class OrderTimelineProjection extends projection<TimelineDocument>() {
  @On(OrderPlaced, ({ orderId }) => orderId)
  placed({ customerId, placedAt, lines }: OrderPlaced, timeline: Timeline, meta: EventMeta) {
    return withEntry(timeline, customerId, meta, placedAt, linesOf(lines.length));
  }

  @On(OrderPaid, ({ orderId }) => orderId)
  paid({ customerId, paidAt }: OrderPaid, timeline: Timeline, meta: EventMeta) {
    return withEntry(timeline, customerId, meta, paidAt);
  }

  @On(OrderShipped, ({ orderId }) => orderId)
  shipped({ customerId, shippedAt }: OrderShipped, timeline: Timeline, meta: EventMeta) {
    return withEntry(timeline, customerId, meta, shippedAt);
  }

  @On(OrderCancelled, ({ orderId }) => orderId)
  cancelled({ customerId, cancelledAt, reason }: OrderCancelled, timeline: Timeline, meta: EventMeta) {
    return withEntry(timeline, customerId, meta, cancelledAt, reason);
  }

  @On(GoodsReturned, ({ orderId, returnId }) => orderId ?? returnId)
  returned({ customerId, returnedAt, lines }: GoodsReturned, timeline: Timeline, meta: EventMeta) {
    const note = lines.map(({ quantity, description }) => `${quantity} × ${description}`).join(', ');
    return withEntry(timeline, customerId, meta, returnedAt, note);
  }
}

function withEntry(
  timeline: Timeline,
  customerId: string,
  { documentId, name, subject }: EventMeta,
  at: string,
  note = '',
): TimelineDocument {
  const entry = { event: name, at, by: subject.id, note };
  return { orderId: documentId, customerId, entries: [...(timeline?.entries ?? []), entry] };
}

function linesOf(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}
