import { authenticated, type CommandContext, CommandHandler } from '@diptych/core';
import { orderStream } from '../orders/order.js';
import { orderOfCaller } from '../orders/order-of-caller.js';
import { OrderRepository } from '../orders/order-repository.js';
import { takeStep } from '../orders/order-steps.js';
import { CancelOrder } from './cancel-order.js';
import { OrderCancelled } from './order-cancelled.js';

@CommandHandler(CancelOrder, { inject: [OrderRepository], authorize: authenticated })
export class CancelOrderHandler {
  constructor(private readonly orders: OrderRepository) {}

  async handle({ orderId, reason }: CancelOrder, { meta, session }: CommandContext) {
    const order = await orderOfCaller(this.orders, orderId, meta);
    const cancelled = takeStep(order, 'cancel');
    await this.orders.save(cancelled);
    session.append(orderStream(orderId), order.version, [
      new OrderCancelled({
        orderId,
        customerId: order.customerId,
        country: order.country,
        lines: order.lines,
        total: order.total,
        reason,
        cancelledAt: meta.time,
      }),
    ]);
    return { orderId, status: cancelled.status };
  }
}
