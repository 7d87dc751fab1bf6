import type { ReturnableLine } from '../lines/returned-lines.js';
import type { Amount } from '../money/money.js';

/** `returned`: everything on it came back. */
export const orderStatuses = ['placed', 'paid', 'shipped', 'cancelled', 'returned'] as const;

export type OrderStatus = (typeof orderStatuses)[number];

/** An order that the shop has accepted, as its rows have it. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly country: string;
  readonly placedAt: string;
  readonly lines: readonly ReturnableLine[];
  readonly total: Amount;
  readonly status: OrderStatus;
  /** That of its stream: how many events it has had. */
  readonly version: number;
}

export function orderStream(orderId: string): string {
  return `order-${orderId}`;
}
