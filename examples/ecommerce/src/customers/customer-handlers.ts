import { QueryHandler, type ReadModel, type ResultOf, readModel } from '@diptych/core';
import { operator, sameCustomer } from '../identity/policies.js';
import { Customer } from './customer.js';
import type { CustomerDocument } from './customer-document.js';
import { Customers } from './customers.js';
import { CustomersProjection } from './customers-projection.js';

const maxBought = 50;

@QueryHandler(Customer, { inject: [readModel(CustomersProjection)], authorize: sameCustomer })
export class CustomerHandler {
  constructor(private readonly customers: ReadModel<CustomerDocument>) {}

  async handle({ customerId }: Customer): Promise<ResultOf<Customer>> {
    const customer = await this.customers.get(customerId);
    if (customer === undefined) return null;
    const bought = Object.entries(customer.bought)
      .map(([productCode, { description, quantity }]) => ({ productCode, description, quantity }))
      .filter(({ quantity }) => quantity > 0)
      .sort((left, right) => right.quantity - left.quantity);
    return { ...summaryOf(customer), bought: bought.slice(0, maxBought) };
  }
}

@QueryHandler(Customers, { inject: [readModel(CustomersProjection)], authorize: operator })
export class CustomersHandler {
  constructor(private readonly customers: ReadModel<CustomerDocument>) {}

  async handle({ limit, after }: Customers): Promise<ResultOf<Customers>> {
    const { documents, next } = await this.customers.all({
      limit,
      ...(after === undefined ? {} : { after }),
    });
    return { customers: documents.map(summaryOf), ...(next === undefined ? {} : { next }) };
  }
}

function summaryOf({ bought: _, countries, ...customer }: CustomerDocument) {
  return { ...customer, countries: [...countries] };
}
