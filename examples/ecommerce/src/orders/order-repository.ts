import type { Order } from './order.js';

/**
 * Orders as rows of the write model: tables `orders` and `order_lines`. Its adapters work in the transaction of
 * the handler that is running, so that rows and events commit together.
 */
export abstract class OrderRepository {
  abstract find(orderId: string): Promise<Order | undefined>;
  /** Writes the order, new or changed. */
  abstract save(order: Order): Promise<void>;
}
