import { decider } from '@diptych/core';
import type { MoveStock } from './move-stock.js';
import { StockMoved } from './stock-moved.js';

// #region decider
/** The ledger of one product: how many there are of it. What never moved counts as none. */
export const stockLedger = decider({
  initialState: () => 0,
  // There is nothing to refuse: what was sold is gone, whether the ledger knew of it or not.
  decide: ({ productCode, change, cause }: MoveStock, onHand) => [
    new StockMoved({ productCode, change, onHand: onHand + change, cause }),
  ],
  evolve: (_onHand, moved: StockMoved) => moved.onHand,
});
// #endregion

export function stockStream(productCode: string): string {
  return `stock-${productCode}`;
}
