// Reads the file with plain statements. Shares no code with the journal's own reader on purpose, nor do the folds
// here share any with the shop's.
import type { SqliteRows } from '@diptych/sqlite-adapters';

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
interface Data {
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

interface Columns {
  readonly row: number;
  readonly partition: number;
  readonly version: number | null;
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly facts: string;
  readonly data: string;
}

export function readJournal(rows: SqliteRows): readonly JournalRow[] {
  return rows
    .all<Columns>(
      'SELECT row, partition, version, key, id, name, facts, data FROM diptych_journal ORDER BY row',
    )
    .map(({ version, key, facts, data, ...rest }) => {
      const { causationId, subject } = JSON.parse(facts) as { causationId: string; subject: { id: string } };
      const common = { ...rest, causationId, data: JSON.parse(data) as Data };
      return version === null
        ? { kind: 'command', key, ...common }
        : { kind: 'event', stream: key, version, by: subject.id, ...common };
    });
}

export function readOrders(rows: SqliteRows): readonly OrderRow[] {
  const returned = new Map<string, number[]>();
  const lines = rows.all<{ order_id: string; returned: number }>(
    'SELECT order_id, returned FROM order_lines ORDER BY order_id, line_number',
  );
  for (const line of lines)
    returned.set(line.order_id, [...(returned.get(line.order_id) ?? []), line.returned]);
  return rows
    .all<{ order_id: string; status: string; version: number }>(
      'SELECT order_id, status, version FROM orders',
    )
    .map(({ order_id, status, version }) => ({
      orderId: order_id,
      status,
      version,
      returned: returned.get(order_id) ?? [],
    }));
}
