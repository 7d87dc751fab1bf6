import { type SqlDatabase, sqlDatabase } from '@diptych/azure-adapters/sql';
import mssql from 'mssql';
import type { LineReport } from '../harness/line.js';

export const serverUrl = process.env.DIPTYCH_MSSQL_URL;

/** What a line says that needs a server and has none. */
export const notRun: LineReport = { readings: [], comparisons: [], checks: [] };
export const titleWithout = serverUrl ? '' : ' (not run: DIPTYCH_MSSQL_URL is not set)';

/** A schema of its own, with its tables, that is taken away afterwards. */
export interface Ground {
  readonly database: SqlDatabase;
  readonly pool: mssql.ConnectionPool;
  readonly schema: string;
  close(): Promise<void>;
}

/** With connections for so many at a time. */
export async function openGround(connections: number): Promise<Ground> {
  const config = mssql.ConnectionPool.parseConnectionString(serverUrl!) as mssql.config;
  const pool = await new mssql.ConnectionPool({
    ...config,
    pool: { max: connections, min: connections },
    validateConnection: 'socket',
  } as unknown as mssql.config).connect();
  const schema = `bench_${process.pid}_${Date.now().toString(36)}`;
  const sql = [
    `CREATE TABLE [${schema}].[orders] (id nvarchar(50) NOT NULL PRIMARY KEY, customer nvarchar(50) NOT NULL, total varchar(50) NOT NULL)`,
    `CREATE TABLE [${schema}].[order_lines] (order_id nvarchar(50) NOT NULL, line int NOT NULL, product nvarchar(50) NOT NULL,
       quantity int NOT NULL, PRIMARY KEY (order_id, line))`,
  ];
  const database = await sqlDatabase({ connection: pool, schema, migrations: [{ name: 'orders', sql }] });
  return {
    database,
    pool,
    schema,
    async close() {
      const { recordset } = await pool
        .request()
        .query(
          `SELECT t.name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE s.name = '${schema}'`,
        );
      for (const { name } of recordset) await pool.request().batch(`DROP TABLE [${schema}].[${name}]`);
      await pool.request().batch(`DROP SCHEMA [${schema}]`);
      await pool.close();
    },
  };
}
