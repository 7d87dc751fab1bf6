import type { Clock } from '@diptych/core';
import type { SqliteDriver } from './sqlite-driver.js';

/**
 * - `full`: a commit has reached the disk when it is answered. Needed whenever anything leaves the file: a transport,
 *   another store, an answer that somebody relies on.
 * - `normal`: a commit survives the death of the process, but the last ones may be gone after a power cut. The file
 *   is whole in any case.
 */
export type Durability = 'full' | 'normal';

/** A step of the program's own schema: run once, in a transaction, when the database is opened. */
export interface SqliteMigration {
  /** Under this name it is remembered as done. It never changes, nor does its text. */
  readonly name: string;
  /** One or several statements. Names that begin with `diptych_` are taken. */
  readonly sql: string;
}

export interface SqliteDatabaseOptions {
  /** The file. It is made when it is not there; its folder must exist. Beside it lie `-wal` and `-shm`. */
  readonly path: string;
  /** How many partitions the journal gets when it is made. It never changes afterwards. Default 32. */
  readonly partitions?: number;
  /** What a commit waits for. Default `full`. */
  readonly durability?: Durability;
  /** The program's own tables, in order. Those that were run before are passed over. */
  readonly migrations?: readonly SqliteMigration[];
  /** How long one session may last unless it is told otherwise, in milliseconds. Default 1,000. */
  readonly sessionTimeLimitInMs?: number;
  /** The largest event or command, in bytes of JSON. Default: no limit. */
  readonly maxMessageBytes?: number;
  /** The largest document of a read model, in bytes of JSON. Default: no limit. */
  readonly maxDocumentBytes?: number;
  /** How long to wait for another process that holds the file, in milliseconds. Default 5,000. */
  readonly lockTimeoutInMs?: number;
  /** How large the file may grow, in bytes; beyond it, writing fails with `disk-full`. Default: no limit. */
  readonly maxFileBytes?: number;
  /** What speaks to SQLite. Default: what `loadDriver()` finds; another one can watch it, or fail on demand. */
  readonly driver?: SqliteDriver;
  /** The clock of due times, leases and expiries. Default: the machine's, which SQLite itself would ask. */
  readonly clock?: Clock;
}

export const defaultSessionTimeLimitInMs = 1_000;
export const defaultLockTimeoutInMs = 5_000;
