import type { EventRow } from './rows.js';

export interface FoldedCustomer {
  readonly countries: Set<string>;
  placed: number;
  firstOrderAt: string | undefined;
  lastOrderAt: string | undefined;
  /** How many of each product are with the customer. */
  readonly bought: Map<string, number>;
}

export function foldCustomers(events: readonly EventRow[]): ReadonlyMap<string, FoldedCustomer> {
  const customers = new Map<string, FoldedCustomer>();
  for (const { name, data } of events) {
    if (data.customerId === undefined || data.lines === undefined) continue;
    const customer = customers.get(data.customerId) ?? nobody();
    customers.set(data.customerId, customer);
    customer.countries.add(data.country ?? '');
    const sign = name === 'shop.OrderPlaced' ? 1 : -1;
    if (sign === 1) order(customer, data.placedAt ?? '');
    for (const { productCode, quantity } of data.lines)
      customer.bought.set(productCode, (customer.bought.get(productCode) ?? 0) + sign * quantity);
  }
  return customers;
}

function order(customer: FoldedCustomer, at: string): void {
  customer.placed += 1;
  const { firstOrderAt = at, lastOrderAt = at } = customer;
  customer.firstOrderAt = at < firstOrderAt ? at : firstOrderAt;
  customer.lastOrderAt = at > lastOrderAt ? at : lastOrderAt;
}

function nobody(): FoldedCustomer {
  return {
    countries: new Set(),
    placed: 0,
    firstOrderAt: undefined,
    lastOrderAt: undefined,
    bought: new Map(),
  };
}
