import type mssql from 'mssql';
import { ask, type Enough, type SqlAnswer } from './sql-answer.js';
import { decisive, storeError } from './sql-errors.js';
import type { SqlParameters } from './sql-parameters.js';

/**
 * What every use of a connection begins with: a pooled one keeps what its last user left. Within a call with parameters
 * it ends with the call.
 */
export const sessionSettings = `
SET ROWCOUNT 0;
SET NOCOUNT, XACT_ABORT, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;
SET IMPLICIT_TRANSACTIONS, NUMERIC_ROUNDABORT OFF;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;`;

/**
 * What stands alone begins so as well: a transaction that somebody left open on the connection, whose end nobody waits
 * for, would take it in. A `COMMIT` of ours would only count it down, and all would be gone with it.
 */
export const aloneSettings = `IF @@TRANCOUNT > 0 ROLLBACK;${sessionSettings}`;

/** How long a statement of ours waits for a lock, in milliseconds, unless more is said. */
const lockTimeoutInMs = 10_000;

const prefix = `${aloneSettings}
SET LOCK_TIMEOUT ${lockTimeoutInMs};
`;

/** What a single SELECT begins with: the other settings are for what writes, and each of them is a statement of its own. */
const readingPrefix = `IF @@TRANCOUNT > 0 ROLLBACK;
SET ROWCOUNT 0;
SET NOCOUNT, XACT_ABORT ON;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
SET LOCK_TIMEOUT ${lockTimeoutInMs};
`;

/** Statements on a pool, each a round trip of its own. Values are parameters; none becomes part of a text. */
export class SqlClient {
  readonly pool: mssql.ConnectionPool;
  /** The database's clock in milliseconds since the Unix epoch, as T-SQL. */
  readonly now: string;

  constructor(pool: mssql.ConnectionPool, now: string) {
    this.pool = pool;
    this.now = now;
  }

  /** @throws what `storeError` makes of the server's complaint. */
  async run(sql: string, parameters: SqlParameters = {}): Promise<SqlAnswer['sets']> {
    return (await this.#answer(prefix + sql, parameters)).sets;
  }

  /** A single SELECT, and no more of it than is enough. */
  read(sql: string, parameters: SqlParameters, enough: Enough): Promise<SqlAnswer> {
    return this.#answer(readingPrefix + sql, parameters, enough);
  }

  async #answer(sql: string, parameters: SqlParameters, enough?: Enough): Promise<SqlAnswer> {
    const answer = await ask(this.pool, sql, parameters, { enough });
    const error = decisive(answer.errors);
    if (error !== undefined) throw storeError(error);
    return answer;
  }

  /** As `run`; the complaint is the caller's to judge. */
  ask(sql: string, parameters: SqlParameters = {}): Promise<SqlAnswer> {
    return ask(this.pool, prefix + sql, parameters);
  }

  /** The rows of a single query. */
  async rows<Row extends readonly unknown[]>(
    sql: string,
    parameters?: SqlParameters,
  ): Promise<readonly Row[]> {
    return ((await this.run(sql, parameters))[0] ?? []) as unknown as readonly Row[];
  }
}

/** `DATEDIFF_BIG` of the server's own clock. */
export const serverNow = "DATEDIFF_BIG(millisecond, '1970-01-01', SYSUTCDATETIME())";
