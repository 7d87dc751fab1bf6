import { currentSession } from '@diptych/core';
import type { MemoryTransaction } from '@diptych/core/memory';
import type { ReturnableLine } from '../lines/returned-lines.js';
import type { Order } from './order.js';
import { OrderRepository } from './order-repository.js';

/** `lines` tells how many rows of `order_lines` belong to it. */
interface OrderRow extends Omit<Order, 'lines'> {
  readonly lines: number;
}

interface OrderLineRow extends ReturnableLine {
  readonly orderId: string;
  readonly lineNumber: number;
}

/** Orders in the memory store's own tables, in the transaction of the handler that is running. */
export class MemoryOrderRepository extends OrderRepository {
  async find(orderId: string): Promise<Order | undefined> {
    const { orders, orderLines } = await tables();
    const row = orders.get(orderId);
    if (row === undefined) return undefined;
    const lines = Array.from({ length: row.lines }, (_, index) => {
      const { orderId: _id, lineNumber: _number, ...line } = orderLines.get(lineKey(orderId, index))!;
      return line;
    });
    return { ...row, lines };
  }

  // #region save
  async save({ lines, ...order }: Order): Promise<void> {
    const { orders, orderLines } = await tables();
    orders.put(order.orderId, { ...order, lines: lines.length });
    for (const [index, line] of lines.entries()) {
      orderLines.put(lineKey(order.orderId, index), {
        orderId: order.orderId,
        lineNumber: index + 1,
        ...line,
      });
    }
  }
  // #endregion
}

function lineKey(orderId: string, index: number): string {
  return `${orderId}/${index + 1}`;
}

// #region tables
async function tables() {
  const transaction = await currentSession<MemoryTransaction>().native();
  return {
    orders: transaction.table<OrderRow>('orders'),
    orderLines: transaction.table<OrderLineRow>('order_lines'),
  };
}
// #endregion
