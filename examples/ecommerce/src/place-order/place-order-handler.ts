import { type CommandContext, CommandHandler, RefusedError } from '@diptych/core';
import { sameOrNoCustomer } from '../identity/policies.js';
import { orderStream } from '../orders/order.js';
import { OrderRepository } from '../orders/order-repository.js';
import { placeOrder } from './order.js';
import { OrderPlaced } from './order-placed.js';
import { PlaceOrder } from './place-order.js';

// #region handler
/** State-stored: the rows are the truth of the write side, the event tells the rest of the shop. */
@CommandHandler(PlaceOrder, { inject: [OrderRepository], authorize: sameOrNoCustomer })
export class PlaceOrderHandler {
  constructor(private readonly orders: OrderRepository) {}

  async handle(command: PlaceOrder, { meta, session }: CommandContext) {
    const order = placeOrder(command, meta.id, meta.time);
    if ((await this.orders.find(order.orderId)) !== undefined) {
      throw new RefusedError('order-exists', `Order ${order.orderId} was placed before.`);
    }
    await this.orders.save(order);
    session.append(orderStream(order.orderId), 'none', [new OrderPlaced(order)]);
    return { orderId: order.orderId, total: order.total };
  }
}
// #endregion
