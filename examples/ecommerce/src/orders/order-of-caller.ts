import { type PolicyContext, RefusedError } from '@diptych/core';
import { sameCustomer } from '../identity/policies.js';
import type { Order } from './order.js';
import type { OrderRepository } from './order-repository.js';

/**
 * The order that somebody wants to do something with. Whose it is stands in its rows, so the policy can be asked
 * only here; the order of another is as if it were not there.
 * @throws RefusedError `unknown-order`.
 */
export async function orderOfCaller(
  orders: OrderRepository,
  orderId: string,
  caller: PolicyContext,
): Promise<Order> {
  const order = await orders.find(orderId);
  if (order !== undefined && (await sameCustomer.allows(order, caller))) return order;
  throw new RefusedError('unknown-order', `You have no order ${orderId}.`, { details: { orderId } });
}
