import type { SqliteMigration } from '@diptych/sqlite-adapters';

/** The program's own tables, ours and the twin's. */
export const orderTables: readonly SqliteMigration[] = [
  {
    name: 'orders',
    sql: `
      CREATE TABLE orders (id TEXT PRIMARY KEY, customer TEXT NOT NULL, total TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE order_lines (
        order_id TEXT NOT NULL, line INTEGER NOT NULL, product TEXT NOT NULL, quantity INTEGER NOT NULL,
        PRIMARY KEY (order_id, line)
      ) WITHOUT ROWID;
    `,
  },
];

export const insertOrder = 'INSERT INTO orders (id, customer, total) VALUES (?, ?, ?)';
export const insertLine = 'INSERT INTO order_lines (order_id, line, product, quantity) VALUES (?, ?, ?, ?)';

export interface OrderData {
  readonly orderId: string;
  readonly customer: string;
  readonly total: string;
  readonly product: string;
  readonly quantity: number;
}

export function orderNumber(number: number): OrderData {
  return {
    orderId: `${number}`,
    customer: `customer-${number % 1_000}`,
    total: '20.34',
    product: '71053',
    quantity: 6,
  };
}
