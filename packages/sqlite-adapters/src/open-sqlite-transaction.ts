import {
  type Clock,
  type Committed,
  ProgrammingError,
  TimeLimitError,
  type WriteBatch,
  type WriteTransaction,
} from '@diptych/core';
import { sqliteError } from './sqlite-errors.js';
import { GuardedStatements, type SqliteTransaction } from './sqlite-transaction.js';
import type { SqliteWriter } from './sqlite-writer.js';
import type { Release } from './writer-queue.js';

export interface OpenSqliteTransactionOptions {
  readonly writer: SqliteWriter;
  readonly clock: Clock;
  readonly timeLimitInMs: number;
  /** Writes a batch on the writer's connection, or throws. */
  readonly write: (batch: WriteBatch) => Written;
  /** Lets the next writer in. */
  readonly end: Release;
}

export interface Written extends Committed {
  /** To be called after the commit. */
  announce(): void;
}

/** A transaction that holds the writer until it ends or its time is over. */
export class OpenSqliteTransaction implements WriteTransaction<SqliteTransaction> {
  readonly native: SqliteTransaction;
  readonly #options: OpenSqliteTransactionOptions;
  readonly #stopTimer: () => void;
  #state: 'open' | 'over' | 'time-over' = 'open';

  constructor(options: OpenSqliteTransactionOptions) {
    this.#options = options;
    this.native = new GuardedStatements(options.writer.connection, () => this.#assertOpen());
    this.#stopTimer = options.clock.after(options.timeLimitInMs, () => this.#giveUp('time-over'));
  }

  async commit(batch: WriteBatch): Promise<Committed> {
    this.#assertOpen();
    const { writer } = this.#options;
    try {
      const { ranges, announce } = this.#options.write(batch);
      writer.commit();
      this.#end('over');
      announce();
      return { ranges };
    } catch (error) {
      this.#giveUp('over');
      throw sqliteError(error, writer.connection.path);
    }
  }

  async rollback(): Promise<void> {
    this.#giveUp('over');
  }

  #giveUp(state: 'over' | 'time-over'): void {
    if (this.#state !== 'open') return;
    try {
      this.#options.writer.rollback();
    } finally {
      this.#end(state);
    }
  }

  #end(state: 'over' | 'time-over'): void {
    this.#state = state;
    this.#stopTimer();
    this.#options.end();
  }

  #assertOpen(): void {
    const { writer, timeLimitInMs } = this.#options;
    if (this.#state === 'time-over') throw sessionTimeLimitError(timeLimitInMs);
    if (this.#state === 'over') {
      throw new ProgrammingError(
        'session-over',
        'The transaction has ended; nothing more can be done in it.',
      );
    }
    if (writer.connection.isTransaction) return;
    // By a statement of the program's, or by SQLite after an error. What came before is gone or committed alone.
    throw new ProgrammingError(
      'transaction-ended-by-statement',
      'A statement ended the transaction: leave BEGIN, COMMIT and ROLLBACK to the session, and let its errors through.',
    );
  }
}

function sessionTimeLimitError(timeLimitInMs: number): TimeLimitError {
  return new TimeLimitError(
    `The session held the write store for more than ${timeLimitInMs} ms and was rolled back. Call other systems in \`prepare\`, before the session, or raise the time limit.`,
    { timeLimitInMs },
  );
}
