import type { Clock } from '../clock/clock.js';
import { TimeLimitError } from '../errors/infrastructure-errors.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { WriteBatch } from '../unit-of-work/write-batch.js';
import type { Committed, WriteTransaction } from '../unit-of-work/write-store.js';
import type { Release } from '../unit-of-work/writer-queue.js';
import { type MemoryTables, type MemoryTransaction, StagedTables } from './memory-tables.js';

export interface OpenMemoryTransactionOptions {
  readonly tables: MemoryTables;
  readonly clock: Clock;
  readonly timeLimitInMs: number;
  /** Writes everything in one step, or throws and writes nothing. */
  readonly write: (batch: WriteBatch, rows: StagedTables) => Committed;
  /** Lets the next writer in. */
  readonly end: Release;
}

/** A transaction of the memory store, which holds the writer until it ends or its time is over. */
export class OpenMemoryTransaction implements WriteTransaction<MemoryTransaction> {
  readonly native: MemoryTransaction;
  readonly #options: OpenMemoryTransactionOptions;
  readonly #rows: StagedTables;
  readonly #stopTimer: () => void;
  #state: 'open' | 'over' | 'time-over' = 'open';

  constructor(options: OpenMemoryTransactionOptions) {
    this.#options = options;
    this.#rows = new StagedTables(options.tables, () => this.#assertOpen());
    this.native = this.#rows;
    this.#stopTimer = options.clock.after(options.timeLimitInMs, () => this.#end('time-over'));
  }

  async commit(batch: WriteBatch): Promise<Committed> {
    this.#assertOpen();
    try {
      return this.#options.write(batch, this.#rows);
    } finally {
      this.#end('over');
    }
  }

  async rollback(): Promise<void> {
    if (this.#state === 'open') this.#end('over');
  }

  #end(state: 'over' | 'time-over'): void {
    this.#state = state;
    this.#stopTimer();
    this.#options.end();
  }

  #assertOpen(): void {
    if (this.#state === 'open') return;
    const { timeLimitInMs } = this.#options;
    if (this.#state === 'time-over') throw sessionTimeLimitError(timeLimitInMs);
    throw new ProgrammingError('session-over', 'The transaction has ended; nothing more can be done in it.');
  }
}

function sessionTimeLimitError(timeLimitInMs: number): TimeLimitError {
  return new TimeLimitError(
    `The session held the write store for more than ${timeLimitInMs} ms and was rolled back. Call other systems in \`prepare\`, before the session, or raise the time limit.`,
    { timeLimitInMs },
  );
}
