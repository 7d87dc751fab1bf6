import { On, Projection, projection } from '@diptych/core';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import type { Line } from '../lines/line.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import type { Bought, CustomerDocument } from './customer-document.js';

type Customer = CustomerDocument | undefined;

/**
 * Who the customers are and what they have of us. Orders of one customer lie in many partitions: everything here
 * is a sum, a set, an earliest or a latest, which no order of arrival changes.
 */
@Projection({ name: 'customers', version: 1 })
export class CustomersProjection extends projection<CustomerDocument>() {
  @On(OrderPlaced, ({ customerId }) => customerId)
  placed({ customerId, country, placedAt, lines }: OrderPlaced, customer: Customer): CustomerDocument {
    const known = withCountry(customer, customerId, country);
    const { firstOrderAt = placedAt, lastOrderAt = placedAt } = known;
    return {
      ...known,
      firstOrderAt: placedAt < firstOrderAt ? placedAt : firstOrderAt,
      lastOrderAt: placedAt > lastOrderAt ? placedAt : lastOrderAt,
      placed: known.placed + 1,
      bought: withLines(known.bought, lines, 1, placedAt),
    };
  }

  @On(OrderCancelled, ({ customerId }) => customerId)
  cancelled(
    { customerId, country, cancelledAt, lines }: OrderCancelled,
    customer: Customer,
  ): CustomerDocument {
    const known = withCountry(customer, customerId, country);
    return { ...known, bought: withLines(known.bought, lines, -1, cancelledAt) };
  }

  @On(GoodsReturned, ({ customerId }) => customerId)
  returned({ customerId, country, returnedAt, lines }: GoodsReturned, customer: Customer): CustomerDocument {
    const known = withCountry(customer, customerId, country);
    return { ...known, bought: withLines(known.bought, lines, -1, returnedAt) };
  }
}

function withCountry(customer: Customer, customerId: string, country: string): CustomerDocument {
  const known = customer ?? { customerId, countries: [], placed: 0, bought: {} };
  return { ...known, countries: [...new Set([...known.countries, country])].sort() };
}

function withLines(
  bought: CustomerDocument['bought'],
  lines: readonly Line[],
  sign: 1 | -1,
  at: string,
): CustomerDocument['bought'] {
  // Codes are what customers write: one called '__proto__' must be a key like any other.
  const byCode = new Map<string, Bought>(Object.entries(bought));
  for (const { productCode, description, quantity } of lines) {
    const before = byCode.get(productCode);
    const source = `${at} ${description}`;
    const newer = before === undefined || source > before.source;
    byCode.set(productCode, {
      ...(newer ? { description, source } : before),
      quantity: (before?.quantity ?? 0) + sign * quantity,
    });
  }
  return Object.fromEntries(byCode);
}
