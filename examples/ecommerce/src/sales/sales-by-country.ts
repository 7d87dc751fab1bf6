import { query } from '@diptych/core';
import { z } from 'zod';
import { amount } from '../money/money.js';

export const salesFigures = {
  /** Those that were cancelled are no orders any more, here and in `gross`. */
  orders: z.int(),
  /** The totals of all orders. */
  gross: amount,
  /** The totals of all returns, above zero. */
  returned: amount,
  /** `gross` less `returned`. */
  net: amount,
};

const rows = z.array(z.object({ country: z.string(), ...salesFigures }));

/** What was sold and came back in each country. One appears once something was accepted from it. */
export class SalesByCountry extends query('shop.SalesByCountry').returns(rows) {}
