import mssql from 'mssql';
import { ask, type SqlAnswer } from './sql-answer.js';
import { transactionEndedError } from './sql-errors.js';

/** What a transaction of `mssql` has besides what its types tell. */
interface TransactionParts {
  _acquiredConnection: PooledConnection | null;
  _acquiredConfig: unknown;
  _activeRequest: unknown;
  _aborted: boolean;
  readonly _abort: () => void;
  readonly parent: PoolParts;
}

interface PooledConnection {
  on(event: 'rollbackTransaction', listener: () => void): void;
  removeListener(event: 'rollbackTransaction', listener: () => void): void;
  close(): void;
}

interface PoolParts {
  acquire(
    requester: unknown,
    callback: (error: Error | null, connection: PooledConnection, config: unknown) => void,
  ): void;
  release(connection: PooledConnection): void;
}

type Callback = (error?: unknown) => void;

/**
 * The driver's own transaction, which a program's requests join, begun and ended by statements of ours: its own `begin`
 * and `commit` would each be a round trip. They are refused here, as the session ends it.
 */
export class SqlTransaction extends mssql.Transaction {
  /**
   * Takes a connection and sends that batch, which begins the transaction, or fails. Afterwards `giveBack` is due.
   * @throws what the pool throws when it has no connection to give.
   */
  async open(batch: string): Promise<SqlAnswer> {
    await this.#takeConnection();
    return ask(this, batch, 'batch');
  }

  /** Whether the server has rolled it back, after an error. */
  get isAborted(): boolean {
    return this.#parts._aborted;
  }

  get isBusy(): boolean {
    const { _activeRequest: active } = this.#parts;
    return active !== null && active !== undefined;
  }

  /** Lets the connection go, when the transaction has ended on the server. */
  giveBack(): void {
    const connection = this.#letGo();
    if (connection !== undefined) this.#parts.parent.release(connection);
  }

  /** Ends whatever is going on by closing the connection: the server rolls back what was open. */
  cut(): void {
    const connection = this.#letGo();
    if (connection === undefined) return;
    connection.close();
    this.#parts.parent.release(connection);
  }

  override begin(): never {
    throw transactionEndedError();
  }

  // What `commit()` and `rollback()` of the driver call, whether with a callback or for a promise.
  _commit(callback: Callback): void {
    setImmediate(callback, transactionEndedError());
  }

  _rollback(callback: Callback): void {
    setImmediate(callback, transactionEndedError());
  }

  #takeConnection(): Promise<void> {
    const parts = this.#parts;
    parts._aborted = false;
    return new Promise((resolve, reject) => {
      parts.parent.acquire(this, (error, connection, config) => {
        if (error) return reject(error);
        parts._acquiredConnection = connection;
        parts._acquiredConfig = config;
        connection.on('rollbackTransaction', parts._abort);
        resolve();
      });
    });
  }

  #letGo(): PooledConnection | undefined {
    const parts = this.#parts;
    const connection = parts._acquiredConnection;
    // Gone already where the server rolled back: the driver gave it back then.
    if (!connection) return undefined;
    connection.removeListener('rollbackTransaction', parts._abort);
    parts._acquiredConnection = null;
    parts._acquiredConfig = null;
    return connection;
  }

  get #parts(): TransactionParts {
    return this as unknown as TransactionParts;
  }
}
