import { On, Projection, projection } from '@diptych/core';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { noSales, type SalesFigures, withOrder, withoutOrder, withReturn } from '../sales/sales-figures.js';

export interface CustomerSales extends SalesFigures {
  readonly customerId: string;
}

@Projection({ name: 'customer-sales', version: 1 })
export class CustomerSalesProjection extends projection<CustomerSales>() {
  @On(OrderPlaced, ({ customerId }) => customerId)
  placed({ customerId, total }: OrderPlaced, sales: CustomerSales | undefined): CustomerSales {
    return { customerId, ...withOrder(sales ?? noSales, total) };
  }

  @On(OrderCancelled, ({ customerId }) => customerId)
  cancelled({ customerId, total }: OrderCancelled, sales: CustomerSales | undefined): CustomerSales {
    return { customerId, ...withoutOrder(sales ?? noSales, total) };
  }

  @On(GoodsReturned, ({ customerId }) => customerId)
  returned({ customerId, total }: GoodsReturned, sales: CustomerSales | undefined): CustomerSales {
    return { customerId, ...withReturn(sales ?? noSales, total) };
  }
}
