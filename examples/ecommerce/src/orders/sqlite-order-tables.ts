import type { SqliteMigration } from '@diptych/sqlite-adapters';

/** The write model's own tables. A step that was released never changes; changes are steps of their own. */
export const orderTables: readonly SqliteMigration[] = [
  {
    name: 'orders',
    sql: `
      CREATE TABLE orders (
        order_id TEXT PRIMARY KEY,
        customer_id TEXT NOT NULL,
        country TEXT NOT NULL,
        placed_at TEXT NOT NULL,
        -- Amounts are decimal text: no number holds them all exactly.
        total TEXT NOT NULL,
        status TEXT NOT NULL,
        version INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE order_lines (
        order_id TEXT NOT NULL REFERENCES orders,
        line_number INTEGER NOT NULL,
        product_code TEXT NOT NULL,
        description TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        price TEXT NOT NULL,
        returned INTEGER NOT NULL,
        PRIMARY KEY (order_id, line_number)
      ) WITHOUT ROWID;
    `,
  },
];
