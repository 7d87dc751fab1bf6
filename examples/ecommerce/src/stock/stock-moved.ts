import { event } from '@diptych/core';
import { z } from 'zod';

const stockMoved = z.object({
  productCode: z.string(),
  /** Below zero: taken out. Above: put back. */
  change: z.int(),
  /** How many there are after it. Below zero where more was sold than the ledger knows of. */
  onHand: z.int(),
  /** The order or return that moved it. */
  cause: z.string(),
});

export class StockMoved extends event('shop.StockMoved', stockMoved) {}
