import {
  type Committed,
  type Deadline,
  type Deadlines,
  OutcomeUnknownError,
  ProgrammingError,
  TimeLimitError,
  type WriteBatch,
  type WriteTransaction,
} from '@diptych/core';
import { ask } from './sql-answer.js';
import { decisive, isRefused, sqlError, storeError, transactionEndedError } from './sql-errors.js';
import type { SqlTransaction } from './sql-transaction.js';

export interface OpenSqlTransactionOptions {
  /** Begun on the server. */
  readonly transaction: SqlTransaction;
  readonly deadlines: Deadlines;
  readonly timeLimitInMs: number;
  /** Sends the final batch on the transaction. */
  readonly write: (batch: WriteBatch) => Promise<Committed>;
  /** Called once, when the transaction has ended: with what it wrote, or nothing. */
  readonly end: (written: Committed | undefined) => void;
}

type Ending = 'over' | 'time-over';

/** A transaction that holds a connection until it ends or its time is over. */
export class OpenSqlTransaction implements WriteTransaction<SqlTransaction> {
  readonly native: SqlTransaction;
  readonly #options: OpenSqlTransactionOptions;
  readonly #deadline: Deadline;
  #state: 'open' | 'committing' | Ending = 'open';
  #ending: Promise<void> | undefined;

  constructor(options: OpenSqlTransactionOptions) {
    this.#options = options;
    this.native = options.transaction;
    this.#deadline = options.deadlines.set(() => void this.#giveUp('time-over'));
  }

  async commit(batch: WriteBatch): Promise<Committed> {
    this.#assertOpen();
    await this.#assertStanding();
    const { deadlines, write, end } = this.#options;
    // From here on nobody may claim that nothing happened: the time limit waits for the end.
    deadlines.cancel(this.#deadline);
    this.#state = 'committing';
    try {
      const written = await write(batch);
      this.native.giveBack();
      this.#state = 'over';
      end(written);
      return written;
    } catch (error) {
      this.#state = 'open';
      await this.#giveUp('over');
      throw storeError(error);
    }
  }

  async rollback(): Promise<void> {
    if (this.#state === 'open') await this.#giveUp('over');
    else await this.#ending;
  }

  #giveUp(state: Ending): Promise<void> {
    if (this.#state !== 'open') return this.#ending ?? Promise.resolve();
    this.#state = state;
    this.#options.deadlines.cancel(this.#deadline);
    this.#ending = rollBack(this.native).finally(() => this.#options.end(undefined));
    return this.#ending;
  }

  #assertOpen(): void {
    if (this.#state === 'time-over') throw sessionTimeLimitError(this.#options.timeLimitInMs);
    if (this.#state === 'open') return;
    throw new ProgrammingError('session-over', 'The transaction has ended; nothing more can be done in it.');
  }

  // The server may have ended it after an error that the program caught, or a statement may still be running: what came
  // before is gone, or not yet known, so nothing may follow.
  async #assertStanding(): Promise<void> {
    const { native } = this;
    if (!native.isAborted && !native.isBusy) return;
    const error = native.isAborted ? transactionEndedError() : statementRunningError();
    await this.#giveUp('over');
    throw error;
  }
}

/** Never rejects: a connection that cannot be asked to roll back is closed, which does it as well. */
export async function rollBack(transaction: SqlTransaction): Promise<void> {
  if (transaction.isAborted) return;
  if (transaction.isBusy) return transaction.cut();
  const { errors } = await ask(transaction, 'WHILE @@TRANCOUNT > 0 ROLLBACK', 'batch');
  // The driver takes the server's rollback for an abort, and then has given the connection back itself.
  if (decisive(errors) === undefined) transaction.giveBack();
  else transaction.cut();
}

export interface Judging {
  /** What a complaint of the server's means. */
  readonly judge: (error: Error) => unknown;
  /** Whether the call ended in the commit. */
  readonly mayBeCommitted: boolean;
}

/**
 * What the final batch wrote, by the row behind its `COMMIT`.
 * @throws OutcomeUnknownError when neither that row nor a complaint of the server's came.
 */
export function writtenBy(
  sets: readonly (readonly (readonly unknown[])[])[],
  errors: readonly Error[],
  { judge, mayBeCommitted }: Judging,
): string {
  const proof = sets.at(-1)?.[0]?.[0];
  // An error behind it is none of the commit's: SQL Server complains of calls that change the count of transactions.
  if (typeof proof === 'string') return proof;
  const error = decisive(errors);
  if (error !== undefined && (isRefused(error) || !mayBeCommitted)) throw judge(error);
  throw new OutcomeUnknownError(
    `No answer came to the final batch${error === undefined ? '' : `: ${error.message}`}.`,
    {},
    error === undefined ? undefined : sqlError(error),
  );
}

function statementRunningError(): ProgrammingError {
  return new ProgrammingError(
    'statement-running',
    'A statement of this transaction is still running: await each before the handler ends.',
  );
}

function sessionTimeLimitError(timeLimitInMs: number): TimeLimitError {
  return new TimeLimitError(
    `The session held a transaction for more than ${timeLimitInMs} ms and was rolled back. Call other systems in \`prepare\`, before the session, or raise the time limit.`,
    { timeLimitInMs },
  );
}
