import { QueryHandler, type ReadModel, type ResultOf, readModel } from '@diptych/core';
import { sameCustomer } from '../identity/policies.js';
import type { ListedOrder } from '../order-list/listed-order.js';
import { OrderListProjection } from '../order-list/order-list-projection.js';
import { noSales } from '../sales/sales-figures.js';
import { type CustomerSales, CustomerSalesProjection } from './customer-sales-projection.js';
import { OrdersByCustomer } from './orders-by-customer.js';

// #region handler
@QueryHandler(OrdersByCustomer, {
  inject: [readModel(OrderListProjection), readModel(CustomerSalesProjection)],
  authorize: sameCustomer,
})
export class OrdersByCustomerHandler {
  constructor(
    private readonly orders: ReadModel<ListedOrder>,
    private readonly sales: ReadModel<CustomerSales>,
  ) {}

  async handle(query: OrdersByCustomer): Promise<ResultOf<OrdersByCustomer>> {
    const { customerId } = query;
    const [{ documents, next }, known] = await Promise.all([this.#find(query), this.sales.get(customerId)]);
    const { orders, gross, returned, net } = known ?? noSales;
    return {
      customerId,
      sales: { orders, gross, returned, net },
      orders: documents.map(({ customerId: _, ...order }) => order),
      ...(next === undefined ? {} : { next }),
    };
  }

  #find({ customerId, status, limit, after }: OrdersByCustomer) {
    const page = { descending: true, limit, ...(after === undefined ? {} : { after }) };
    return status === undefined
      ? this.orders.find('byCustomer', { customerId }, page)
      : this.orders.find('byCustomerAndStatus', { customerId, status }, page);
  }
}
// #endregion
