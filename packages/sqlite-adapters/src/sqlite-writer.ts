import { type Clock, type Release, sleep, WriterQueue } from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import { commitError, isLocked, lockedError, sqliteError } from './sqlite-errors.js';
import type { Durability } from './sqlite-options.js';

export interface SqliteWriterOptions {
  readonly connection: SqliteConnection;
  readonly clock: Clock;
  /** How long to wait for another process, in milliseconds. */
  readonly lockTimeoutInMs: number;
  readonly durability: Durability;
}

/**
 * - `lasting`: as durable as the database is asked to be.
 * - `remade`: what the journal explains, or a lease that ends anyway. After a power cut it may be a moment older than
 *   the journal, never newer, for the log is kept in order; then the last events are handled once more, as after the
 *   death of a process. So it need not wait for the disk.
 */
export type Lasting = 'lasting' | 'remade';

/**
 * The one connection that writes. Within the process, transactions wait for each other in the order they came; for
 * another process that holds the file they ask again and again, with pauses, so that nothing else stands still.
 */
export class SqliteWriter {
  readonly connection: SqliteConnection;
  readonly #options: SqliteWriterOptions;
  readonly #queue = new WriterQueue();
  // What commits wait for now. Cannot be changed within a transaction.
  #synchronous: 'FULL' | 'NORMAL' | undefined;

  constructor(options: SqliteWriterOptions) {
    this.#options = options;
    this.connection = options.connection;
  }

  /** Whether somebody of this process is writing. */
  get isTaken(): boolean {
    return this.#queue.isTaken;
  }

  /** Begins a transaction that is left open; the answer lets the next writer in. */
  async open(lasting: Lasting = 'lasting'): Promise<Release> {
    const release = await this.#queue.take();
    try {
      this.#wait(lasting);
      if (!this.#tryBegin()) await this.#waitForFile();
      return release;
    } catch (error) {
      release();
      throw sqliteError(error, this.connection.path);
    }
  }

  /** As `open`, at once; `undefined` while anybody else is writing, in this process or another. */
  tryOpen(lasting: Lasting = 'lasting'): Release | undefined {
    const release = this.#queue.tryTake();
    if (release === undefined) return undefined;
    let isOpen = false;
    try {
      this.#wait(lasting);
      isOpen = this.#tryBegin();
    } catch (error) {
      throw sqliteError(error, this.connection.path);
    } finally {
      if (!isOpen) release();
    }
    return isOpen ? release : undefined;
  }

  /** A whole transaction: what `work` throws rolls it back. `work` is synchronous, so nothing comes between. */
  async run<T>(work: (connection: SqliteConnection) => T, lasting?: Lasting): Promise<T> {
    const release = this.tryOpen(lasting) ?? (await this.open(lasting));
    try {
      const result = work(this.connection);
      this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw sqliteError(error, this.connection.path);
    } finally {
      release();
    }
  }

  commit(): void {
    try {
      this.connection.run('COMMIT');
    } catch (error) {
      throw commitError(error, this.connection.path);
    }
  }

  /**
   * Undoes what is open, if anything is: SQLite ends a transaction by itself after some errors. Never throws: where
   * the disk fails, what has failed before says so, and nothing was committed.
   */
  rollback(): void {
    try {
      if (this.connection.isOpen && this.connection.isTransaction) this.connection.run('ROLLBACK');
    } catch {
      // SQLite undoes it when the connection is closed, or the file is opened again.
    }
  }

  /** Rolls back what is open, and closes the connection. */
  close(): void {
    if (!this.connection.isOpen) return;
    try {
      this.rollback();
      this.connection.emptyLog();
    } catch {
      // The log is as good as the file: whoever opens it next goes on from there.
    } finally {
      this.connection.close();
    }
  }

  #wait(lasting: Lasting): void {
    const wanted = lasting === 'lasting' && this.#options.durability === 'full' ? 'FULL' : 'NORMAL';
    if (this.#synchronous === wanted) return;
    this.connection.exec(`PRAGMA synchronous = ${wanted}`);
    this.#synchronous = wanted;
  }

  #tryBegin(): boolean {
    if (this.connection.isTransaction) this.rollback();
    try {
      this.connection.run('BEGIN IMMEDIATE');
      return true;
    } catch (error) {
      if (isLocked(error)) return false;
      throw error;
    }
  }

  async #waitForFile(): Promise<void> {
    const { clock, lockTimeoutInMs } = this.#options;
    for (const pauseInMs of pauses(lockTimeoutInMs)) {
      await sleep(clock, pauseInMs);
      if (this.#tryBegin()) return;
    }
    throw lockedError(this.connection.path);
  }
}

/**
 * Pauses between questions to a locked file, that grow to a few milliseconds: transactions are short, and whoever
 * asks seldom comes last. A bit of chance keeps two processes from asking in step.
 */
export function* pauses(totalInMs: number): Iterable<number> {
  let passed = 0;
  for (let pauseInMs = 1; passed < totalInMs; pauseInMs = Math.min(pauseInMs * 1.5, 12)) {
    const next = pauseInMs * (0.5 + Math.random());
    passed += next;
    yield next;
  }
}
