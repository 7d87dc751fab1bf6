import { setTimeout as wait } from 'node:timers/promises';
import { CancelOrder } from '../cancel-order/cancel-order.js';
import { OrdersByCustomer } from '../orders-by-customer/orders-by-customer.js';
import { PayOrder } from '../pay-order/pay-order.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { ShipOrder } from '../ship-order/ship-order.js';
import type { Shop } from '../shop.js';

const operator = { subject: { id: 'jo', roles: ['operator'] } };
const lines = [
  { productCode: '71053', description: 'Lantern', quantity: 6, price: '3.39' },
  { productCode: '85123A', description: 'Holder', quantity: 2, price: '2.55' },
];
/** Between two orders of one customer, in milliseconds: a steady load, not the most there could be. */
const pauseInMs = 150;

/** Orders, pays or calls off, and looks at what came of it, until told to stop. Resolves how many orders there were. */
export async function shopUntil(shop: Shop, customerId: string, until: AbortSignal): Promise<number> {
  const customer = { subject: { id: customerId, roles: ['customer'] } };
  let orders = 0;
  while (!until.aborted) {
    const { orderId } = await shop.commands.execute(
      new PlaceOrder({ customerId, country: 'France', lines }),
      customer,
    );
    const { consistency } = await settle(shop, orderId, orders, customer);
    orders++;
    if (orders % 10 === 0)
      await shop.queries.execute(new OrdersByCustomer({ customerId }), { ...customer, after: consistency });
    await wait(pauseInMs);
  }
  return orders;
}

/** Every fifth order is called off; the others are paid and shipped. */
async function settle(
  shop: Shop,
  orderId: string,
  number: number,
  customer: { readonly subject: { readonly id: string; readonly roles: readonly string[] } },
) {
  if (number % 5 === 4)
    return shop.commands.dispatch(new CancelOrder({ orderId, reason: 'too late' }), customer);
  await shop.commands.execute(new PayOrder({ orderId }), customer);
  return shop.commands.dispatch(new ShipOrder({ orderId }), operator);
}
