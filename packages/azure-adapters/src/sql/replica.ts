import { globalPartition, isDiptychError, type RequiredFreshness } from '@diptych/core';
import type { ReplicaConnection } from './replica-connection.js';
import { indexedName, type SqlParameters, text } from './sql-parameters.js';
import { byCodeUnit, type SqlTables } from './sql-tables.js';

const ranges = `OPENJSON(@diptych_ranges) WITH (partition int '$[0]', first varchar(20) '$[1]', last varchar(20) '$[2]') AS r`;

/**
 * A copy of the database that is only read, and lags behind. Whether it is as far as an answer must be is asked of it in
 * the same round trip as the answer, and before it: what it shows afterwards is never less.
 */
export class SqlReplica {
  readonly #connection: ReplicaConnection;
  readonly #check: string;

  constructor(connection: ReplicaConnection, { copies, subscriptions, parked }: SqlTables) {
    this.#connection = connection;
    const ofRange = (table: string) =>
      `${table}.subscription = @diptych_subscription AND ${table}.partition IN (r.partition, ${globalPartition})`;
    this.#check = `
      DECLARE @diptych_fresh bit = 1;
      -- A copy that has come to it incomplete, or not at all, has no answer.
      IF NOT EXISTS (SELECT 1 FROM ${copies} WHERE copy = @diptych_copy AND state <> 'building') SET @diptych_fresh = 0;
      IF EXISTS (SELECT 1 FROM ${ranges} WHERE NOT EXISTS (
        SELECT 1 FROM ${subscriptions} AS s WHERE ${ofRange('s')} AND s.position >= r.last ${byCodeUnit})) SET @diptych_fresh = 0;
      IF EXISTS (SELECT 1 FROM ${ranges} JOIN ${parked} AS p ON ${ofRange('p')}
        AND p.position >= r.first ${byCodeUnit} AND p.position <= r.last ${byCodeUnit}) SET @diptych_fresh = 0;
      SELECT @diptych_fresh;`;
  }

  /** The rows; `undefined` where it is not as far, or cannot be reached: then they are there where it is written. */
  async rows<Row extends readonly unknown[]>(
    sql: string,
    parameters: SqlParameters,
    atLeast: RequiredFreshness | undefined,
  ): Promise<readonly Row[] | undefined> {
    try {
      const client = await this.#connection.client();
      if (client === undefined) return undefined;
      // A statement may end in a comment.
      const sets = await client.run(`${this.#check} IF @diptych_fresh = 1 BEGIN ${sql}\nEND`, {
        ...parameters,
        diptych_subscription: indexedName(atLeast?.subscription ?? ''),
        diptych_ranges: text(
          JSON.stringify((atLeast?.ranges ?? []).map((range) => [range.partition, range.first, range.last])),
        ),
      });
      const isFresh = sets[0]?.[0]?.[0] === true;
      return isFresh ? ((sets[1] ?? []) as unknown as readonly Row[]) : undefined;
    } catch (error) {
      // Away, or on its way, or never filled: whatever is wrong with it, the answer is there where it is written.
      if (
        isDiptychError(error) &&
        (error.origin === 'infrastructure' || error.code === 'concurrency-conflict')
      )
        return undefined;
      throw error;
    }
  }
}
