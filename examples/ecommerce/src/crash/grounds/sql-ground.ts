import { rm } from 'node:fs/promises';
import type { SqlDatabase } from '@diptych/azure-adapters/sql';
import mssql from 'mssql';
import { sqlStorage } from '../../storage/sql-storage.js';
import { sqlCrashMigrations, sqlCrashPartitions } from '../child/crash-migrations.js';
import { readSql } from '../judge/sql-rows.js';
import type { Ground } from './ground.js';

/** A schema of its own on the server of that connection string. */
export function sqlGround(url: string, folder: string): Ground {
  const schema = `crash_${process.pid}_${Date.now().toString(36)}`;
  return {
    environment: { SHOP_DATA: folder, SHOP_SQL_URL: url, SHOP_SQL_SCHEMA: schema },
    open: (migrations) =>
      sqlStorage(url, {
        schema,
        partitions: sqlCrashPartitions,
        migrations: sqlCrashMigrations(schema, migrations),
      }),
    rows: ({ database }) => readSql((database as SqlDatabase).pool, schema),
    async remove() {
      await dropSchema(url, schema);
      await rm(folder, { recursive: true, force: true });
    },
    place: `schema ${schema}`,
  };
}

async function dropSchema(url: string, schema: string): Promise<void> {
  const pool = await new mssql.ConnectionPool(url).connect();
  const { recordset } = await pool
    .request()
    .input('schema', schema)
    .query<{ name: string }>(`
      SELECT t.name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE s.name = @schema`);
  const names = recordset.map(({ name }) => name);
  // Lines refer to orders, so they go first.
  for (const name of names.toSorted((one, other) => Number(one === 'orders') - Number(other === 'orders')))
    await pool.request().batch(`DROP TABLE [${schema}].[${name}]`);
  await pool.request().batch(`DROP SCHEMA [${schema}]`);
  await pool.close();
}
