import type { Line } from '../lines/line.js';

/** How many of each product an order or return moves. A product that stands on several lines moves once. */
export function quantitiesByProduct(lines: readonly Line[]): ReadonlyMap<string, number> {
  const quantities = new Map<string, number>();
  for (const { productCode, quantity } of lines) {
    quantities.set(productCode, (quantities.get(productCode) ?? 0) + quantity);
  }
  return quantities;
}

export function stockStream(productCode: string): string {
  return `stock-${productCode}`;
}
