import type { SqliteMigration } from '@diptych/sqlite-adapters';

/** Steps of the schema that a later version of the shop might have: several statements, which must not come apart. */
export function crashMigrations(count: number): readonly SqliteMigration[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `crash-${index + 1}`,
    sql: `
      CREATE TABLE crash_${index + 1} AS SELECT count(*) AS orders FROM orders;
      CREATE INDEX crash_${index + 1}_orders ON crash_${index + 1} (orders);
    `,
  }));
}
