import type { EventRow, LineData } from './rows.js';

/** How many of each product there are, if there were none at first. */
export function foldStock(events: readonly EventRow[]): ReadonlyMap<string, number> {
  const stock = new Map<string, number>();
  for (const { name, data } of events) {
    const sign = signOf(name);
    if (sign === 0) continue;
    for (const [productCode, quantity] of quantitiesOf(data.lines ?? []))
      stock.set(productCode, (stock.get(productCode) ?? 0) + sign * quantity);
  }
  return stock;
}

/** What an event does to the stock: takes out, puts back, or nothing. */
export function signOf(name: string): -1 | 0 | 1 {
  if (name === 'shop.OrderPlaced') return -1;
  return name === 'shop.OrderCancelled' || name === 'shop.GoodsReturned' ? 1 : 0;
}

export function quantitiesOf(lines: readonly LineData[]): ReadonlyMap<string, number> {
  const quantities = new Map<string, number>();
  for (const { productCode, quantity } of lines)
    quantities.set(productCode, (quantities.get(productCode) ?? 0) + quantity);
  return quantities;
}

/** On how many orders each product stood that the shop offers. */
export function foldSold(events: readonly EventRow[]): ReadonlyMap<string, number> {
  const sold = new Map<string, number>();
  for (const { name, data } of events)
    if (name === 'shop.ProductOffered') sold.set(data.productCode ?? '', 0);
  for (const { name, data } of events) {
    if (name !== 'shop.OrderPlaced') continue;
    for (const productCode of quantitiesOf(data.lines ?? []).keys())
      if (sold.has(productCode)) sold.set(productCode, sold.get(productCode)! + 1);
  }
  return sold;
}
