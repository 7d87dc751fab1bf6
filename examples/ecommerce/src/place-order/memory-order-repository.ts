import { currentSession } from '@diptych/core';
import type { MemoryTransaction } from '@diptych/core/memory';
import type { Order } from './order.js';
import { OrderRepository } from './order-repository.js';

/** Orders in the memory store's own tables, in the transaction of the handler that is running. */
export class MemoryOrderRepository extends OrderRepository {
  async exists(orderId: string): Promise<boolean> {
    const transaction = await native();
    return transaction.table('orders').get(orderId) !== undefined;
  }

  async add({ lines, ...order }: Order): Promise<void> {
    const transaction = await native();
    transaction.table('orders').put(order.orderId, order);
    const orderLines = transaction.table('order_lines');
    for (const [index, line] of lines.entries()) {
      orderLines.put(`${order.orderId}/${index + 1}`, {
        orderId: order.orderId,
        lineNumber: index + 1,
        ...line,
      });
    }
  }
}

function native(): Promise<MemoryTransaction> {
  return currentSession<MemoryTransaction>().native();
}
