import type { Product } from './product-list.js';

export interface BasketLine extends Product {
  /** As it was typed: what is wrong with it is for the shop to say. */
  readonly quantity: string;
}

const key = 'basket';
const listeners = new Set<() => void>();

// Kept beyond the page, and common to all tabs.
addEventListener('storage', (event) => {
  if (event.key === key) for (const changed of listeners) changed();
});

export function basketLines(): readonly BasketLine[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isLine) : [];
  } catch {
    return [];
  }
}

/** One more of that product. */
export function addToBasket({ productCode, name, price }: Product): void {
  const lines = basketLines();
  const line = lines.find((other) => other.productCode === productCode);
  if (line === undefined) keep([...lines, { productCode, name, price, quantity: '1' }]);
  else setQuantity(productCode, String((Number(line.quantity) || 0) + 1));
}

/** Changes a quantity, and tells nobody: it was typed where it is shown. */
export function typeQuantity(productCode: string, quantity: string): void {
  write(basketLines().map((line) => (line.productCode === productCode ? { ...line, quantity } : line)));
}

export function removeFromBasket(productCode: string): void {
  keep(basketLines().filter((line) => line.productCode !== productCode));
}

export function emptyBasket(): void {
  keep([]);
}

/** Calls back when the basket changes, here or in another tab. */
export function onBasket(changed: () => void): void {
  listeners.add(changed);
}

function setQuantity(productCode: string, quantity: string): void {
  typeQuantity(productCode, quantity);
  for (const changed of listeners) changed();
}

function keep(lines: readonly BasketLine[]): void {
  write(lines);
  for (const changed of listeners) changed();
}

function write(lines: readonly BasketLine[]): void {
  localStorage.setItem(key, JSON.stringify(lines));
}

function isLine(line: unknown): line is BasketLine {
  const fields = ['productCode', 'name', 'price', 'quantity'] as const;
  return (
    typeof line === 'object' &&
    line !== null &&
    fields.every((name) => typeof (line as BasketLine)[name] === 'string')
  );
}
