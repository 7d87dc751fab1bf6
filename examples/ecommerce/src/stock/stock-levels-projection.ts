import { On, Projection, projection } from '@diptych/core';
import { StockMoved } from './stock-moved.js';

export interface StockLevel {
  readonly productCode: string;
  /** Below zero where more was sold than the ledger knows of. */
  readonly onHand: number;
}

@Projection({ name: 'stock-levels', version: 1 })
export class StockLevelsProjection extends projection<StockLevel>() {
  @On(StockMoved, ({ productCode }) => productCode)
  moved({ productCode, onHand }: StockMoved): StockLevel {
    return { productCode, onHand };
  }
}
