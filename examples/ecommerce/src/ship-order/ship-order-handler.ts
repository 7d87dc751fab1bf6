import { type CommandContext, CommandHandler } from '@diptych/core';
import { operator } from '../identity/policies.js';
import { orderStream } from '../orders/order.js';
import { orderOfCaller } from '../orders/order-of-caller.js';
import { OrderRepository } from '../orders/order-repository.js';
import { takeStep } from '../orders/order-steps.js';
import { OrderShipped } from './order-shipped.js';
import { ShipOrder } from './ship-order.js';

@CommandHandler(ShipOrder, { inject: [OrderRepository], authorize: operator })
export class ShipOrderHandler {
  constructor(private readonly orders: OrderRepository) {}

  async handle({ orderId }: ShipOrder, { meta, session }: CommandContext) {
    const order = await orderOfCaller(this.orders, orderId, meta);
    const shipped = takeStep(order, 'ship');
    await this.orders.save(shipped);
    session.append(orderStream(orderId), order.version, [
      new OrderShipped({ orderId, customerId: order.customerId, shippedAt: meta.time }),
    ]);
    return { orderId, status: shipped.status };
  }
}
