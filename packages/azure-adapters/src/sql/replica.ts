import { globalPartition, isDiptychError, type RequiredFreshness } from '@diptych/core';
import type { SqlClient } from './sql-client.js';
import { indexedName, type SqlParameters, text } from './sql-parameters.js';
import { byCodeUnit, type SqlTables } from './sql-tables.js';

const ranges = `OPENJSON(@ranges) WITH (partition int '$[0]', first varchar(20) '$[1]', last varchar(20) '$[2]') AS r`;

/**
 * A copy of the database that is only read, and lags behind. Whether it is as far as an answer must be is asked of it in
 * the same round trip as the answer, and before it: what it shows afterwards is never less.
 */
export class SqlReplica {
  readonly #client: SqlClient;
  readonly #check: string;

  constructor(client: SqlClient, { copies, subscriptions, parked }: SqlTables) {
    this.#client = client;
    const ofRange = (table: string) =>
      `${table}.subscription = @subscription AND ${table}.partition IN (r.partition, ${globalPartition})`;
    this.#check = `
      DECLARE @isFresh bit = 1;
      -- A copy that has come to it incomplete, or not at all, has no answer.
      IF NOT EXISTS (SELECT 1 FROM ${copies} WHERE copy = @copy AND state <> 'building') SET @isFresh = 0;
      IF EXISTS (SELECT 1 FROM ${ranges} WHERE NOT EXISTS (
        SELECT 1 FROM ${subscriptions} AS s WHERE ${ofRange('s')} AND s.position >= r.last ${byCodeUnit})) SET @isFresh = 0;
      IF EXISTS (SELECT 1 FROM ${ranges} JOIN ${parked} AS p ON ${ofRange('p')}
        AND p.position >= r.first ${byCodeUnit} AND p.position <= r.last ${byCodeUnit}) SET @isFresh = 0;
      SELECT @isFresh;`;
  }

  /** The rows; `undefined` where it is not as far, or cannot be reached: then they are there where it is written. */
  async rows<Row extends readonly unknown[]>(
    sql: string,
    parameters: SqlParameters,
    atLeast: RequiredFreshness | undefined,
  ): Promise<readonly Row[] | undefined> {
    try {
      const sets = await this.#client.run(`${this.#check} IF @isFresh = 1 BEGIN ${sql} END`, {
        ...parameters,
        subscription: indexedName(atLeast?.subscription ?? ''),
        ranges: text(
          JSON.stringify((atLeast?.ranges ?? []).map((range) => [range.partition, range.first, range.last])),
        ),
      });
      const isFresh = sets[0]?.[0]?.[0] === true;
      return isFresh ? ((sets[1] ?? []) as unknown as readonly Row[]) : undefined;
    } catch (error) {
      // One that was never filled has no tables.
      if (isDiptychError(error, 'unavailable') || isDiptychError(error, 'schema-missing')) return undefined;
      throw error;
    }
  }
}
