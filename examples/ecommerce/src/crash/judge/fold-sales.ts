import { textOf, unitsOfLines } from './amounts.js';
import type { EventRow } from './rows.js';

export interface FoldedSales {
  readonly orders: number;
  readonly gross: string;
  readonly returned: string;
  readonly net: string;
}

interface Sums {
  orders: number;
  gross: bigint;
  returned: bigint;
}

/** What was sold and came back, by customer or by country. */
export function foldSales(
  events: readonly EventRow[],
  by: 'customerId' | 'country',
): ReadonlyMap<string, FoldedSales> {
  const sums = new Map<string, Sums>();
  for (const { name, data } of events) {
    const key = data[by];
    if (key === undefined || data.lines === undefined) continue;
    const of = sums.get(key) ?? { orders: 0, gross: 0n, returned: 0n };
    sums.set(key, of);
    const units = unitsOfLines(data.lines);
    if (name === 'shop.OrderPlaced') [of.orders, of.gross] = [of.orders + 1, of.gross + units];
    if (name === 'shop.OrderCancelled') [of.orders, of.gross] = [of.orders - 1, of.gross - units];
    if (name === 'shop.GoodsReturned') of.returned += units;
  }
  return new Map([...sums].map(([key, of]) => [key, textsOf(of)]));
}

function textsOf({ orders, gross, returned }: Sums): FoldedSales {
  return { orders, gross: textOf(gross), returned: textOf(returned), net: textOf(gross - returned) };
}
