import { anyone, QueryHandler, type ReadModel, readModel } from '@diptych/core';
import { SalesByCountry } from './sales-by-country.js';
import { type CountrySales, SalesByCountryProjection } from './sales-by-country-projection.js';

/** There are fewer countries than one page holds. */
const limit = 1000;

@QueryHandler(SalesByCountry, { inject: [readModel(SalesByCountryProjection)], authorize: anyone })
export class SalesByCountryHandler {
  constructor(private readonly sales: ReadModel<CountrySales>) {}

  async handle(_query: SalesByCountry): Promise<CountrySales[]> {
    const { documents } = await this.sales.all({ limit });
    return [...documents];
  }
}
