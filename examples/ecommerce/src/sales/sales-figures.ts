import { type Amount, minus, plus, zero } from '../money/money.js';

/** What was sold and what came back, of a country or of a customer. */
export interface SalesFigures {
  readonly orders: number;
  /** The totals of all orders. */
  readonly gross: Amount;
  /** The totals of all returns, above zero. */
  readonly returned: Amount;
  /** `gross` less `returned`. */
  readonly net: Amount;
}

// Sums, so that it does not matter in which order events of different partitions arrive.
export const noSales: SalesFigures = { orders: 0, gross: zero, returned: zero, net: zero };

export function withOrder(figures: SalesFigures, total: Amount): SalesFigures {
  return balanced({ ...figures, orders: figures.orders + 1, gross: plus(figures.gross, total) });
}

export function withReturn(figures: SalesFigures, total: Amount): SalesFigures {
  return balanced({ ...figures, returned: plus(figures.returned, total) });
}

/** An order that was called off is none. */
export function withoutOrder(figures: SalesFigures, total: Amount): SalesFigures {
  return balanced({ ...figures, orders: figures.orders - 1, gross: minus(figures.gross, total) });
}

function balanced(figures: SalesFigures): SalesFigures {
  return { ...figures, net: minus(figures.gross, figures.returned) };
}
