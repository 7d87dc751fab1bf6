import type { SqlMigration } from '@diptych/azure-adapters/sql';

const exact = 'COLLATE Latin1_General_100_BIN2';

/** The write model's own tables in that schema. A step that was released never changes; changes are steps of their own. */
export function sqlOrderTables(schema: string): readonly SqlMigration[] {
  return [
    {
      name: 'orders',
      sql: [
        `CREATE TABLE [${schema}].[orders] (
          order_id nvarchar(200) ${exact} NOT NULL PRIMARY KEY,
          customer_id nvarchar(200) ${exact} NOT NULL,
          country nvarchar(100) NOT NULL,
          placed_at varchar(30) NOT NULL,
          -- Amounts are decimal text: no number holds them all exactly.
          total varchar(1010) NOT NULL,
          status varchar(20) NOT NULL,
          version int NOT NULL
        )`,
        `CREATE TABLE [${schema}].[order_lines] (
          order_id nvarchar(200) ${exact} NOT NULL REFERENCES [${schema}].[orders] (order_id),
          line_number int NOT NULL,
          product_code nvarchar(200) NOT NULL,
          description nvarchar(1000) NOT NULL,
          quantity int NOT NULL,
          price varchar(1010) NOT NULL,
          returned int NOT NULL,
          PRIMARY KEY (order_id, line_number)
        )`,
      ],
    },
  ];
}
