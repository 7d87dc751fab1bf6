import type { MoveStock } from './move-stock.js';
import { StockMoved } from './stock-moved.js';

/** How many there are of one product, by its stream `stock-<code>`. */
export type OnHand = number;

/** A product that never moved. The ledger does not know what lies in the shop, so it may go below zero. */
export const noStock: OnHand = 0;

export function moveStock({ productCode, change, cause }: MoveStock, onHand: OnHand): StockMoved {
  return new StockMoved({ productCode, change, onHand: onHand + change, cause });
}

export function stockAfter(_before: OnHand, moved: StockMoved): OnHand {
  return moved.onHand;
}
