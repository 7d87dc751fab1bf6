import type { Clock } from '@diptych/core';
import type mssql from 'mssql';
import type { HeldBackJournal } from './held-back.js';

/** Where a database is: a pool of the program's own, or what `mssql` makes one from. */
export type SqlConnection = mssql.ConnectionPool | mssql.config | string;

/** A step of the program's own schema: run once, in a transaction, when the database is opened. */
export interface SqlMigration {
  /** Under this name it is remembered as done. It never changes, nor does its text. */
  readonly name: string;
  /** One batch of T-SQL, without `GO`, or several, each a text of its own. */
  readonly sql: string | readonly string[];
}

export interface SqlDatabaseOptions {
  /**
   * A connected pool, which stays the program's to close; or a configuration or connection string, of which a pool is
   * made. Without a password: `authentication: { type: 'token-credential', options: { credential } }`.
   */
  readonly connection: SqlConnection;
  /**
   * A read-only replica (`ApplicationIntent=ReadOnly`; of a configuration `options.readOnlyIntent`) that queries of
   * `readModels` are answered from. Whether it is as far as `after` asks is checked on it, together with the answer;
   * where it is not, the answer comes from where it is written. Default: none.
   */
  readonly replica?: SqlConnection;
  /** The schema that our tables lie in: a letter, then letters, digits and `_`. Default `diptych`. */
  readonly schema?: string;
  /**
   * - `create`: makes the schema and its tables, or brings them up to date; needs the right to.
   * - `validate`: only looks whether they are there.
   *
   * Default `create`.
   */
  readonly provision?: 'create' | 'validate';
  /** How many partitions the journal gets when it is made. It never changes afterwards. Default 32. */
  readonly partitions?: number;
  /** The program's own tables, in order. Those that were run before are passed over. */
  readonly migrations?: readonly SqlMigration[];
  /** How long one session may last unless it is told otherwise, in milliseconds. Default 5,000. */
  readonly sessionTimeLimitInMs?: number;
  /** The largest event or command, in bytes of JSON. Default: no limit. */
  readonly maxMessageBytes?: number;
  /** The largest document of a read model, in bytes of JSON. Default: no limit. */
  readonly maxDocumentBytes?: number;
  /** The program's clock, for limits and pauses. Due times, leases and expiries are by the database's clock. */
  readonly clock?: Clock;
  /**
   * Told of a transaction that keeps readers of the journal waiting, each time that one is found. Default: a warning
   * of the process (`process.emitWarning`).
   */
  readonly onHeldBack?: (held: HeldBackJournal) => void;
  /** How long the journal may stand still before a transaction of others before that is told, in milliseconds. Default 5,000. */
  readonly heldBackAfterInMs?: number;
}

export const defaultSchema = 'diptych';
export const defaultSessionTimeLimitInMs = 5_000;
export const defaultHeldBackAfterInMs = 5_000;
