import { authenticated, type QueryContext, QueryHandler, type ReadModel, readModel } from '@diptych/core';
import { sameCustomer } from '../identity/policies.js';
import { OrderDetails } from './order-details.js';
import { OrderDetailsProjection } from './order-details-projection.js';
import type { OrderDocument } from './order-document.js';

// #region handler
@QueryHandler(OrderDetails, { inject: [readModel(OrderDetailsProjection)], authorize: authenticated })
export class OrderDetailsHandler {
  constructor(private readonly orders: ReadModel<OrderDocument>) {}

  async handle({ orderId }: OrderDetails, { meta }: QueryContext): Promise<OrderDocument | null> {
    const order = await this.orders.get(orderId);
    // Whose order it is stands in the document; that of another customer is as if it were not there.
    return order !== undefined && (await sameCustomer.allows(order, meta)) ? order : null;
  }
}
// #endregion
