import { QueryHandler, type ReadModel, type ResultOf, readModel } from '@diptych/core';
import { operator } from '../identity/policies.js';
import { OrderDetailsProjection } from '../order-details/order-details-projection.js';
import type { OrderDocument } from '../order-details/order-document.js';
import { OrdersByStatus } from './orders-by-status.js';

@QueryHandler(OrdersByStatus, { inject: [readModel(OrderDetailsProjection)], authorize: operator })
export class OrdersByStatusHandler {
  constructor(private readonly orders: ReadModel<OrderDocument>) {}

  async handle({ status, limit, after }: OrdersByStatus): Promise<ResultOf<OrdersByStatus>> {
    const page = { descending: true, limit, ...(after === undefined ? {} : { after }) };
    const { documents, next } = await this.orders.find('byStatus', { status }, page);
    return {
      orders: documents.map(({ lines, ...order }) => ({ ...order, lines: lines.length })),
      ...(next === undefined ? {} : { next }),
    };
  }
}
