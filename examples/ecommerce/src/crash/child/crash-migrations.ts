import type { SqlMigration } from '@diptych/azure-adapters/sql';
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

/** Few, since each is asked for: a shop that has just been killed has cold connections, and many times that. */
export const sqlCrashPartitions = 4;

/** The same for an Azure SQL database. */
export function sqlCrashMigrations(schema: string, count: number): readonly SqlMigration[] {
  return Array.from({ length: count }, (_, index) => {
    const table = `[${schema}].[crash_${index + 1}]`;
    return {
      name: `crash-${index + 1}`,
      sql: [
        `CREATE TABLE ${table} (orders int NOT NULL)`,
        `INSERT INTO ${table} (orders) SELECT COUNT(*) FROM [${schema}].[orders]`,
      ],
    };
  });
}
