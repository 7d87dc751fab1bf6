import { type Clock, isDiptychError } from '@diptych/core';
import { SqlClient } from './sql-client.js';
import type { SqlConnection } from './sql-options.js';
import { type OpenedPool, openPool } from './sql-pool.js';

/** How often to try to reach a replica that is away, in milliseconds. */
const askAgainInMs = 5_000;

/** The connections to a replica. It is a help and no need: while it is away, answers come from where they are written. */
export class ReplicaConnection {
  readonly #connection: SqlConnection;
  readonly #now: string;
  readonly #clock: Clock;
  #opened: OpenedPool | undefined;
  #client: SqlClient | undefined;
  #opening: Promise<void> | undefined;
  #askAt = 0;
  #isClosed = false;

  constructor(connection: SqlConnection, now: string, clock: Clock) {
    this.#connection = connection;
    this.#now = now;
    this.#clock = clock;
  }

  /** `undefined` while it is away. @throws what is wrong with the connection itself. */
  async client(): Promise<SqlClient | undefined> {
    if (this.#client !== undefined || this.#isClosed || this.#clock.now() < this.#askAt) return this.#client;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
    return this.#client;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => {});
    await this.#opened?.close();
  }

  async #open(): Promise<void> {
    this.#askAt = this.#clock.now() + askAgainInMs;
    try {
      this.#opened = await openPool(this.#connection);
      this.#client = new SqlClient(this.#opened.pool, this.#now);
    } catch (error) {
      if (!isDiptychError(error) || error.origin !== 'infrastructure') throw error;
    }
  }
}
