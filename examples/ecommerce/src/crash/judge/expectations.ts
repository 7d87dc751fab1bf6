import { textOf } from './amounts.js';
import type { Ask, Expectation } from './expectation.js';
import { type FoldedCustomer, foldCustomers } from './fold-customers.js';
import { type FoldedOrder, foldOrders } from './fold-orders.js';
import { foldSold, foldStock } from './fold-products.js';
import { type FoldedSales, foldSales } from './fold-sales.js';
import { grouped } from './grouped.js';
import { allPages } from './pages.js';
import type { EventRow } from './rows.js';

type Sized<T> = (answer: T) => number;

/** Every answer that can be asked of the read models. */
export function* expectations(events: readonly EventRow[]): Iterable<Expectation> {
  const orders = foldOrders(events);
  for (const order of orders.values()) {
    yield detailsOf(order);
    yield timelineOf(order);
  }
  for (const [status, some] of grouped([...orders.values()], ({ status }) => status))
    yield inStatus(status, some);
  const sales = foldSales(events, 'customerId');
  for (const [customerId, some] of grouped([...orders.values()], ({ customerId }) => customerId))
    yield ordersOf(customerId, some, sales.get(customerId)!);
  for (const [customerId, customer] of foldCustomers(events)) yield customerOf(customerId, customer);
  yield salesOf(foldSales(events, 'country'));
  yield stockOf(foldStock(events));
  yield catalogueOf(foldSold(events));
}

function detailsOf({ entries: _entries, version: _version, ...order }: FoldedOrder): Expectation {
  const { orderId } = order;
  return {
    about: `order ${orderId}`,
    expected: { ...order, returned: textOf(order.returned) },
    ask: (ask) => ask('shop.OrderDetails', { orderId }),
    size: sized((answer: { lines?: readonly { returned: number }[] }) =>
      (answer.lines ?? []).reduce((sum, { returned }) => sum + returned, 0),
    ),
  };
}

function timelineOf({ orderId, customerId, entries }: FoldedOrder): Expectation {
  return {
    about: `the timeline of ${orderId}`,
    expected: { orderId, customerId, entries },
    ask: (ask) => ask('shop.OrderTimeline', { orderId }),
    size: sized((answer: { entries?: readonly unknown[] }) => answer.entries?.length ?? 0),
  };
}

function inStatus(status: string, orders: readonly FoldedOrder[]): Expectation {
  return {
    about: `the orders that are ${status}`,
    expected: idsOf(orders),
    ask: async (ask) => idsOf(await allPages(ask, 'shop.OrdersByStatus', { status }, 'orders')),
    size: sized((answer: readonly string[]) => answer.length),
  };
}

function ordersOf(customerId: string, orders: readonly FoldedOrder[], sales: FoldedSales): Expectation {
  return {
    about: `the orders and sales of ${customerId}`,
    expected: { orders: idsOf(orders), sales },
    async ask(ask) {
      const { sales: answer } = (await ask('shop.OrdersByCustomer', { customerId })) as { sales: unknown };
      return {
        orders: idsOf(await allPages(ask, 'shop.OrdersByCustomer', { customerId }, 'orders')),
        sales: answer,
      };
    },
    size: sized((answer: { sales: FoldedSales }) => figuresOf(answer.sales)),
  };
}

function customerOf(customerId: string, customer: FoldedCustomer): Expectation {
  const { countries, bought, ...rest } = customer;
  const kept = [...bought].filter(([, quantity]) => quantity > 0);
  return {
    about: `customer ${customerId}`,
    expected: { customerId, ...rest, countries: [...countries].sort(), bought: sortedByCode(kept) },
    async ask(ask) {
      const answer = await ask('shop.Customer', { customerId });
      const { bought: found = [], ...others } = (answer ?? {}) as { bought?: readonly Bought[] };
      const quantities = found.map(({ productCode, quantity }) => [productCode, quantity] as const);
      return { ...others, bought: sortedByCode(quantities) };
    },
    size: sized((answer: { placed?: number }) => answer.placed ?? 0),
  };
}

interface Bought {
  readonly productCode: string;
  readonly quantity: number;
}

function salesOf(byCountry: ReadonlyMap<string, FoldedSales>): Expectation {
  return {
    about: 'the sales by country',
    expected: sortedByCode([...byCountry]).map(([country, sales]) => ({ country, ...sales })),
    ask: async (ask) =>
      [...((await ask('shop.SalesByCountry', {})) as { country: string }[])].sort((one, other) =>
        one.country < other.country ? -1 : 1,
      ),
    size: sized((answer: readonly FoldedSales[]) => answer.reduce((sum, sales) => sum + figuresOf(sales), 0)),
  };
}

function stockOf(stock: ReadonlyMap<string, number>): Expectation {
  return {
    about: 'the stock',
    expected: sortedByCode([...stock]),
    async ask(ask: Ask) {
      const levels = await allPages<{ productCode: string; onHand: number }>(
        ask,
        'shop.StockLevels',
        {},
        'levels',
      );
      return sortedByCode(levels.map(({ productCode, onHand }) => [productCode, onHand] as const));
    },
    // Most movements take out.
    size: sized((answer: readonly (readonly [string, number])[]) =>
      answer.reduce((sum, [, onHand]) => sum - onHand, 0),
    ),
  };
}

function catalogueOf(sold: ReadonlyMap<string, number>): Expectation {
  return {
    about: 'the catalogue',
    expected: sortedByCode([...sold]),
    async ask(ask) {
      const { products } = (await ask('shop.SearchProducts', { limit: 200 })) as {
        products: readonly { productCode: string; sold: number }[];
      };
      return sortedByCode(products.map(({ productCode, sold: times }) => [productCode, times] as const));
    },
    size: sized((answer: readonly (readonly [string, number])[]) =>
      answer.reduce((sum, [, times]) => sum + times, 0),
    ),
  };
}

function figuresOf({ orders, gross, returned }: FoldedSales): number {
  return orders + Number(gross) + Number(returned);
}

function idsOf(orders: readonly { readonly orderId: string }[]): readonly string[] {
  return orders.map(({ orderId }) => orderId).sort();
}

function sortedByCode<T>(pairs: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  return [...pairs].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Answers come untyped; each expectation knows the shape of its own. */
function sized<T>(size: Sized<T>): (answer: unknown) => number {
  return (answer) => size(answer as T);
}
