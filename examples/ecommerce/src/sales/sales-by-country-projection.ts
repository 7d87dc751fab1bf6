import { On, Projection, projection } from '@diptych/core';
import { OrderCancelled } from '../cancel-order/order-cancelled.js';
import { OrderPlaced } from '../place-order/order-placed.js';
import { GoodsReturned } from '../return-goods/goods-returned.js';
import { noSales, type SalesFigures, withOrder, withoutOrder, withReturn } from './sales-figures.js';

export interface CountrySales extends SalesFigures {
  readonly country: string;
}

// #region projection
@Projection({ name: 'sales-by-country', version: 1 })
export class SalesByCountryProjection extends projection<CountrySales>() {
  @On(OrderPlaced, ({ country }) => country)
  placed({ country, total }: OrderPlaced, sales: CountrySales | undefined): CountrySales {
    return { country, ...withOrder(sales ?? noSales, total) };
  }

  @On(OrderCancelled, ({ country }) => country)
  cancelled({ country, total }: OrderCancelled, sales: CountrySales | undefined): CountrySales {
    return { country, ...withoutOrder(sales ?? noSales, total) };
  }

  @On(GoodsReturned, ({ country }) => country)
  returned({ country, total }: GoodsReturned, sales: CountrySales | undefined): CountrySales {
    return { country, ...withReturn(sales ?? noSales, total) };
  }
}
// #endregion
