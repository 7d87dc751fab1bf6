import { pounds } from './money.js';

export type OrderStatus = 'placed' | 'paid' | 'shipped' | 'cancelled' | 'returned';

export interface OrderSummary {
  readonly kind: 'order' | 'return';
  readonly orderId: string;
  readonly customerId?: string;
  readonly country: string;
  readonly status: OrderStatus;
  readonly placedAt: string;
  readonly total: string;
  readonly returned: string;
}

export interface OrderLine {
  readonly productCode: string;
  readonly description: string;
  readonly quantity: number;
  readonly price: string;
  readonly returned: number;
}

/** Where an order is to be seen; with a receipt, with what its command did. */
export function addressOf(orderId: string, after = ''): string {
  const receipt = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
  return `/order?id=${encodeURIComponent(orderId)}${receipt}`;
}

/** Ids that are made by machines are long: their beginning tells them apart. */
export function shortId(orderId: string): string {
  return orderId.length > 12 ? `${orderId.slice(0, 8)}…` : orderId;
}

/** What an order comes to, and what of it came back. */
export function amountOf({ kind, total, returned }: OrderSummary): string {
  if (kind === 'return') return pounds(`-${total}`);
  return returned === '0' ? pounds(total) : `${pounds(total)}, ${pounds(returned)} returned`;
}
