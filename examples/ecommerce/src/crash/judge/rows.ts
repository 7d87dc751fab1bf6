export interface EventRow {
  readonly kind: 'event';
  readonly row: number;
  readonly partition: number;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly name: string;
  readonly causationId: string;
  /** Who caused it. */
  readonly by: string;
  readonly data: Data;
}

export interface CommandRow {
  readonly kind: 'command';
  readonly row: number;
  readonly partition: number;
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly causationId: string;
  readonly data: Data;
}

export type JournalRow = EventRow | CommandRow;

/** What is in events and commands of the shop, as far as it is looked at. */
export interface Data {
  readonly orderId?: string;
  readonly returnId?: string;
  readonly customerId?: string;
  readonly country?: string;
  readonly placedAt?: string;
  readonly paidAt?: string;
  readonly shippedAt?: string;
  readonly cancelledAt?: string;
  readonly returnedAt?: string;
  readonly reason?: string;
  readonly complete?: boolean;
  readonly lines?: readonly LineData[];
  readonly productCode?: string;
  readonly name?: string;
  readonly price?: string;
  readonly change?: number;
  readonly onHand?: number;
}

export interface LineData {
  readonly productCode: string;
  readonly description: string;
  readonly quantity: number;
  readonly price: string;
}

/** A row of `orders`, with those of `order_lines`. */
export interface OrderRow {
  readonly orderId: string;
  readonly status: string;
  readonly version: number;
  /** How many of each line came back. */
  readonly returned: readonly number[];
}

/** What a run has left, as plain statements read it. */
export interface Rows {
  readonly journal: readonly JournalRow[];
  readonly orders: readonly OrderRow[];
  /** What steps of the schema made: `crash_1`, and `crash_1_orders` for what belongs to it. */
  readonly made: readonly string[];
}
