import { QueryHandler, type ReadModel, type ResultOf, readModel } from '@diptych/core';
import { operator } from '../identity/policies.js';
import type { ListedOrder } from '../order-list/listed-order.js';
import { OrderListProjection } from '../order-list/order-list-projection.js';
import { OrdersByStatus } from './orders-by-status.js';

@QueryHandler(OrdersByStatus, { inject: [readModel(OrderListProjection)], authorize: operator })
export class OrdersByStatusHandler {
  constructor(private readonly orders: ReadModel<ListedOrder>) {}

  async handle({ status, limit, after }: OrdersByStatus): Promise<ResultOf<OrdersByStatus>> {
    const page = { descending: true, limit, ...(after === undefined ? {} : { after }) };
    const { documents, next } = await this.orders.find('byStatus', { status }, page);
    return { orders: documents, ...(next === undefined ? {} : { next }) };
  }
}
