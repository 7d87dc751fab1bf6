import {
  type Committed,
  type Deadline,
  type Deadlines,
  ProgrammingError,
  type Release,
  TimeLimitError,
  type WriteBatch,
  type WriteTransaction,
} from '@diptych/core';
import { sqliteError } from './sqlite-errors.js';
import { GuardedStatements, type SqliteTransaction } from './sqlite-transaction.js';
import type { SqliteWriter } from './sqlite-writer.js';

export interface OpenSqliteTransactionOptions {
  readonly writer: SqliteWriter;
  readonly deadlines: Deadlines;
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

type Ending = 'over' | 'time-over' | 'ended';

/** A transaction that holds the writer until it ends or its time is over. */
export class OpenSqliteTransaction implements WriteTransaction<SqliteTransaction> {
  readonly native: SqliteTransaction;
  readonly #options: OpenSqliteTransactionOptions;
  readonly #deadline: Deadline;
  #state: 'open' | Ending = 'open';

  constructor(options: OpenSqliteTransactionOptions) {
    this.#options = options;
    this.native = new GuardedStatements(options.writer.connection, () => this.#assertOpen());
    this.#deadline = options.deadlines.set(() => this.#giveUp('time-over'));
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

  #giveUp(state: Ending): void {
    if (this.#state !== 'open') return;
    this.#options.writer.rollback();
    this.#end(state);
  }

  #end(state: Ending): void {
    this.#state = state;
    this.#options.deadlines.cancel(this.#deadline);
    this.#options.end();
  }

  #assertOpen(): void {
    // A statement of the program's may have ended it, or SQLite after an error: what came before is gone, or was
    // committed alone, so nothing may follow, and others must not wait for it.
    if (this.#state === 'open' && !this.#options.writer.connection.isTransaction) this.#giveUp('ended');
    if (this.#state !== 'open') throw errorAfter(this.#state, this.#options.timeLimitInMs);
  }
}

function errorAfter(ending: Ending, timeLimitInMs: number): Error {
  switch (ending) {
    case 'over':
      return new ProgrammingError(
        'session-over',
        'The transaction has ended; nothing more can be done in it.',
      );
    case 'ended':
      return new ProgrammingError(
        'transaction-ended-by-statement',
        'A statement ended the transaction: leave BEGIN, COMMIT and ROLLBACK to the session, and let its errors through.',
      );
    case 'time-over':
      return sessionTimeLimitError(timeLimitInMs);
  }
}

function sessionTimeLimitError(timeLimitInMs: number): TimeLimitError {
  return new TimeLimitError(
    `The session held the write store for more than ${timeLimitInMs} ms and was rolled back. Call other systems in \`prepare\`, before the session, or raise the time limit.`,
    { timeLimitInMs },
  );
}
