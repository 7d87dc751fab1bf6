import type { Order } from './order.js';

/**
 * Orders as rows of the write model: tables `orders` and `order_lines`. Its adapters write through the
 * transaction of the handler that is running, so that rows and events commit together.
 */
export abstract class OrderRepository {
  abstract exists(orderId: string): Promise<boolean>;
  abstract add(order: Order): Promise<void>;
}
