import { type CommandContext, CommandHandler, RefusedError } from '@diptych/core';
import { sameOrNoCustomer } from '../identity/policies.js';
import { orderStream } from '../orders/order.js';
import { orderOfCaller } from '../orders/order-of-caller.js';
import { OrderRepository } from '../orders/order-repository.js';
import { returnGoods } from './goods-return.js';
import { GoodsReturned, type GoodsReturnedData } from './goods-returned.js';
import { ReturnGoods } from './return-goods.js';
import { returnToOrder } from './return-to-order.js';

/** What comes back of an order changes the order; a return without one is a stream of its one event. */
@CommandHandler(ReturnGoods, { inject: [OrderRepository], authorize: sameOrNoCustomer })
export class ReturnGoodsHandler {
  constructor(private readonly orders: OrderRepository) {}

  async handle(command: ReturnGoods, context: CommandContext) {
    const returned = returnGoods(command, context.meta.id, context.meta.time);
    if (command.orderId === undefined) await this.#keep(returned, context);
    else await this.#takeBack(command.orderId, returned, context);
    return { returnId: returned.returnId, total: returned.total };
  }

  async #keep(returned: GoodsReturnedData, { session }: CommandContext): Promise<void> {
    const stream = `return-${returned.returnId}`;
    const { version } = await session.load(stream);
    if (version > 0) throw new RefusedError('return-exists', `Return ${returned.returnId} was taken before.`);
    session.append(stream, 'none', [new GoodsReturned(returned)]);
  }

  async #takeBack(
    orderId: string,
    returned: GoodsReturnedData,
    { meta, session }: CommandContext,
  ): Promise<void> {
    const order = await orderOfCaller(this.orders, orderId, meta);
    const { order: changed, complete } = returnToOrder(order, returned.lines);
    await this.orders.save(changed);
    // Whose order it is and where it went is known: what the command says of it does not count.
    const { customerId, country } = order;
    session.append(orderStream(orderId), order.version, [
      new GoodsReturned({ ...returned, customerId, country, orderId, complete }),
    ]);
  }
}
