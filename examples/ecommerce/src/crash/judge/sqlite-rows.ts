// Reads the file with plain statements. Shares no code with the journal's own reader on purpose, nor do the folds
// here share any with the shop's.
import type { SqliteRows } from '@diptych/sqlite-adapters';
import type { Data, JournalRow, OrderRow, Rows } from './rows.js';

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

export function readSqlite(rows: SqliteRows): Rows {
  const made = rows
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE name LIKE 'crash@_%' ESCAPE '@'")
    .map(({ name }) => name);
  return { journal: readJournal(rows), orders: readOrders(rows), made };
}

function readJournal(rows: SqliteRows): readonly JournalRow[] {
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

function readOrders(rows: SqliteRows): readonly OrderRow[] {
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
