import { type Clock, sleep } from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import { isLocked, lockedError, sqliteError } from './sqlite-errors.js';
import { pauses, type SqliteWriter } from './sqlite-writer.js';

export interface SqliteReadingOptions {
  readonly connection: SqliteConnection;
  /** Of the same process. */
  readonly writer: SqliteWriter;
  readonly clock: Clock;
  readonly lockTimeoutInMs: number;
}

/** The connection that reads what is committed. It waits for no writer, and no writer waits for it. */
export class SqliteReading {
  readonly connection: SqliteConnection;
  readonly #options: SqliteReadingOptions;

  constructor(options: SqliteReadingOptions) {
    this.connection = options.connection;
    this.#options = options;
  }

  /**
   * What `work` finds. It may be called again: another process that repairs the file after a crash locks readers
   * out for a moment.
   */
  async read<T>(work: (connection: SqliteConnection) => T): Promise<T> {
    try {
      return work(this.connection);
    } catch (error) {
      if (!isLocked(error)) throw sqliteError(error, this.connection.path);
      return this.#readAgain(work);
    }
  }

  /** As `read`, with one view of the file for all statements of `work`. */
  readTogether<T>(work: (connection: SqliteConnection) => T): Promise<T> {
    return this.read((connection) => inOneView(connection, work));
  }

  /**
   * As `readTogether`, for what this process writes itself, again and again. The connection that writes has those
   * pages at hand, while this one drops all that it has whenever something was committed. So they are read there,
   * unless somebody is writing just now.
   */
  async readWritten<T>(work: (connection: SqliteConnection) => T): Promise<T> {
    const { writer } = this.#options;
    if (writer.isTaken || writer.connection.isTransaction) return this.readTogether(work);
    try {
      return inOneView(writer.connection, work);
    } catch (error) {
      if (!isLocked(error)) throw sqliteError(error, this.connection.path);
      return this.readTogether(work);
    }
  }

  async #readAgain<T>(work: (connection: SqliteConnection) => T): Promise<T> {
    const { clock, lockTimeoutInMs } = this.#options;
    const { path } = this.connection;
    for (const pauseInMs of pauses(lockTimeoutInMs)) {
      await sleep(clock, pauseInMs);
      try {
        return work(this.connection);
      } catch (error) {
        if (!isLocked(error)) throw sqliteError(error, path);
      }
    }
    throw lockedError(path);
  }
}

function inOneView<T>(connection: SqliteConnection, work: (connection: SqliteConnection) => T): T {
  connection.run('BEGIN');
  try {
    return work(connection);
  } finally {
    connection.run('COMMIT');
  }
}
