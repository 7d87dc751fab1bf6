// Reads the tables with plain statements. Shares no code with the journal's own reader on purpose, nor do the folds
// here share any with the shop's.
import type { ConnectionPool } from 'mssql';
import type { Data, JournalRow, OrderRow, Rows } from './rows.js';

interface Columns {
  readonly partition: number;
  readonly first_version: number;
  readonly name: string;
  readonly is_command: boolean;
  readonly facts: string;
  readonly data: string;
}

interface Shared {
  readonly causationId: string;
  readonly subject: { readonly id: string };
}

interface Facts {
  readonly shared: Shared;
  readonly own: readonly (readonly [
    id: string,
    name: string,
    version: number,
    time: string,
    length: number,
    shared?: Shared,
  ])[];
}

export async function readSql(pool: ConnectionPool, schema: string): Promise<Rows> {
  return {
    journal: await readJournal(pool, schema),
    orders: await readOrders(pool, schema),
    made: await readMade(pool, schema),
  };
}

async function readJournal(pool: ConnectionPool, schema: string): Promise<readonly JournalRow[]> {
  const { recordset } = await pool.request().query<Columns>(`
    SELECT partition, first_version, name, is_command, facts, data FROM [${schema}].[journal] ORDER BY rv, first_index`);
  return recordset.flatMap(entriesOf).map((entry, row) => ({ ...entry, row }));
}

function entriesOf({
  partition,
  first_version,
  name: of,
  is_command,
  facts,
  data,
}: Columns): readonly JournalRow[] {
  const { shared, own } = JSON.parse(facts) as Facts;
  let start = 0;
  return own.map(([id, name, , , length, other], index) => {
    const text = data.slice(start, start + length);
    start += length;
    const { causationId, subject } = other ?? shared;
    const common = { row: 0, partition, id, name, causationId, data: JSON.parse(text) as Data };
    return is_command
      ? { kind: 'command', key: of, ...common }
      : { kind: 'event', stream: of, version: first_version + index, by: subject.id, ...common };
  });
}

async function readOrders(pool: ConnectionPool, schema: string): Promise<readonly OrderRow[]> {
  const lines = await pool.request().query<{ order_id: string; returned: number }>(`
    SELECT order_id, returned FROM [${schema}].[order_lines] ORDER BY order_id, line_number`);
  const returned = new Map<string, number[]>();
  for (const line of lines.recordset)
    returned.set(line.order_id, [...(returned.get(line.order_id) ?? []), line.returned]);
  const orders = await pool.request().query<{ order_id: string; status: string; version: number }>(`
    SELECT order_id, status, version FROM [${schema}].[orders]`);
  return orders.recordset.map(({ order_id, status, version }) => ({
    orderId: order_id,
    status,
    version,
    returned: returned.get(order_id) ?? [],
  }));
}

/** Tables that steps of the schema made, and whether the row is in them that the step put there. */
async function readMade(pool: ConnectionPool, schema: string): Promise<readonly string[]> {
  const { recordset } = await pool
    .request()
    .input('schema', schema)
    .query<{ name: string }>(`
      SELECT t.name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
      WHERE s.name = @schema AND t.name LIKE 'crash[_]%'`);
  const made: string[] = [];
  for (const { name } of recordset) {
    const rows = await pool.request().query(`SELECT orders FROM [${schema}].[${name}]`);
    made.push(name, ...(rows.recordset.length === 1 ? [`${name}_orders`] : []));
  }
  return made;
}
