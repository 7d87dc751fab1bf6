import { authenticated, type CommandContext, CommandHandler } from '@diptych/core';
import { orderStream } from '../orders/order.js';
import { orderOfCaller } from '../orders/order-of-caller.js';
import { OrderRepository } from '../orders/order-repository.js';
import { takeStep } from '../orders/order-steps.js';
import { OrderPaid } from './order-paid.js';
import { PayOrder } from './pay-order.js';

@CommandHandler(PayOrder, { inject: [OrderRepository], authorize: authenticated })
export class PayOrderHandler {
  constructor(private readonly orders: OrderRepository) {}

  async handle({ orderId }: PayOrder, { meta, session }: CommandContext) {
    const order = await orderOfCaller(this.orders, orderId, meta);
    const paid = takeStep(order, 'pay');
    await this.orders.save(paid);
    session.append(orderStream(orderId), order.version, [
      new OrderPaid({ orderId, customerId: order.customerId, total: order.total, paidAt: meta.time }),
    ]);
    return { orderId, status: paid.status };
  }
}
