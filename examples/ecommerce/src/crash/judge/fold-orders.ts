import { unitsOf } from '../../reconciliation/figures-from-csv.js';
import { textOf, unitsOfLines } from './amounts.js';
import { grouped } from './grouped.js';
import type { EventRow, LineData } from './rows.js';

/** An order, or a return without one, as its events make it. */
export interface FoldedOrder {
  readonly kind: 'order' | 'return';
  readonly orderId: string;
  readonly customerId: string;
  readonly country: string;
  status: string;
  readonly placedAt: string;
  readonly total: string;
  returned: bigint;
  readonly lines: (LineData & { returned: number })[];
  readonly entries: { event: string; at: string; by: string; note: string }[];
  version: number;
}

const prefixes = /^(order|return)-/;

/** By order id. Streams that begin in another way than orders do are left to who looks at the journal. */
export function foldOrders(events: readonly EventRow[]): ReadonlyMap<string, FoldedOrder> {
  const orders = new Map<string, FoldedOrder>();
  const streams = grouped(
    events.filter(({ stream }) => prefixes.test(stream)),
    ({ stream }) => stream,
  );
  for (const [stream, ofStream] of streams) {
    const [first, ...others] = ofStream;
    if (first === undefined || !/\.(OrderPlaced|GoodsReturned)$/.test(first.name)) continue;
    const order = begin(stream.replace(prefixes, ''), first);
    for (const event of others) goOn(order, event);
    orders.set(order.orderId, order);
  }
  return orders;
}

function begin(orderId: string, event: EventRow): FoldedOrder {
  const { data, name, by, version } = event;
  const isOrder = name === 'shop.OrderPlaced';
  const lines = data.lines ?? [];
  const at = (isOrder ? data.placedAt : data.returnedAt) ?? '';
  const units = unitsOfLines(lines);
  return {
    kind: isOrder ? 'order' : 'return',
    orderId,
    customerId: data.customerId ?? '',
    country: data.country ?? '',
    status: isOrder ? 'placed' : 'returned',
    placedAt: at,
    total: textOf(units),
    returned: isOrder ? 0n : units,
    lines: lines.map((line) => ({ ...line, returned: isOrder ? 0 : line.quantity })),
    entries: [{ event: name, at, by, note: isOrder ? countOf(lines) : namesOf(lines) }],
    version,
  };
}

function goOn(order: FoldedOrder, { data, name, by, version }: EventRow): void {
  const enter = (at = '', note = '') => order.entries.push({ event: name, at, by, note });
  order.version = version;
  switch (name) {
    case 'shop.OrderPaid':
      order.status = 'paid';
      enter(data.paidAt);
      break;
    case 'shop.OrderShipped':
      order.status = 'shipped';
      enter(data.shippedAt);
      break;
    case 'shop.OrderCancelled':
      order.status = 'cancelled';
      enter(data.cancelledAt, data.reason);
      break;
    case 'shop.GoodsReturned':
      for (const line of data.lines ?? []) putBack(order.lines, line);
      order.returned += unitsOfLines(data.lines ?? []);
      if (order.lines.every(({ quantity, returned }) => quantity === returned)) order.status = 'returned';
      enter(data.returnedAt, namesOf(data.lines ?? []));
  }
}

function putBack(lines: FoldedOrder['lines'], { productCode, price, quantity }: LineData): void {
  let left = quantity;
  for (const line of lines) {
    if (line.productCode !== productCode || unitsOf(line.price) !== unitsOf(price)) continue;
    const back = Math.min(left, line.quantity - line.returned);
    line.returned += back;
    left -= back;
  }
}

function countOf(lines: readonly LineData[]): string {
  return lines.length === 1 ? '1 line' : `${lines.length} lines`;
}

function namesOf(lines: readonly LineData[]): string {
  return lines.map(({ quantity, description }) => `${quantity} × ${description}`).join(', ');
}
