import { ask } from './api.js';
import { byId, element, pounds } from './elements.js';

interface MyOrders {
  readonly sales: { readonly orders: number; readonly net: string };
  readonly orders: readonly {
    readonly orderId: string;
    readonly status: 'placed' | 'returned';
    readonly country: string;
    readonly placedAt: string;
    readonly total: string;
    readonly lines: number;
  }[];
}

/** Shows the orders of whoever the page acts for; with a receipt, that order is among them. */
export async function showMyOrders(customerId: string, after = ''): Promise<void> {
  const status = byId<HTMLSelectElement>('status').value;
  const asked = { customerId, ...(status === '' ? {} : { status }) };
  const { sales, orders } = await ask<MyOrders>('shop.OrdersByCustomer', asked, customerId, after);
  byId('my-orders').replaceChildren(
    ...orders.map(({ orderId, status, country, placedAt, total, lines }) => {
      const item = element('li');
      item.append(
        element('strong', `${status === 'returned' ? '−' : ''}${pounds(total)}`),
        element('span', `${status}, ${lines} ${lines === 1 ? 'line' : 'lines'}, ${country}`),
        element('time', new Date(placedAt).toLocaleString(), { datetime: placedAt }),
        element('code', orderId),
      );
      return item;
    }),
  );
  byId('my-orders-total').textContent =
    orders.length === 0
      ? 'No orders here yet.'
      : `${sales.orders} ${sales.orders === 1 ? 'order' : 'orders'} in all, ${pounds(sales.net)} net of returns.`;
}
