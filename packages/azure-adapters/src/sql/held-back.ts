import type { Clock } from '@diptych/core';
import type { SqlClient } from './sql-client.js';
import type { SqlTables } from './sql-tables.js';

/** A transaction that is open for long, while what others committed after it waits to be read. */
export interface HeldBackJournal {
  /** The `rowversion` that readers stop before, as a decimal number. */
  readonly mark: string;
  /** How long they have, in milliseconds. */
  readonly forMs: number;
  /**
   * The one that is open for longest among those that have written in the database: probably the one that holds it.
   * Where this login may see that (`VIEW SERVER STATE`, in Azure SQL `VIEW DATABASE STATE` or, in small and pooled tiers,
   * `##MS_ServerStateReader##`) and the server tells.
   */
  readonly transaction: OpenTransaction | undefined;
}

export interface OpenTransaction {
  readonly sessionId: number;
  readonly login: string;
  readonly host: string;
  readonly program: string;
  /** For how long, in milliseconds, by the database's clock. */
  readonly openForMs: number;
}

export interface HeldBackWatchOptions {
  readonly client: SqlClient;
  readonly tables: SqlTables;
  readonly clock: Clock;
  readonly afterInMs: number;
  readonly onHeldBack: (held: HeldBackJournal) => void;
}

/** Notices that the journal has entries which nobody may read yet, and for how long. */
export class HeldBackWatch {
  readonly #options: HeldBackWatchOptions;
  readonly #look: string;
  readonly #who: string;
  #lookedAt: number;
  #held: { readonly mark: string; readonly since: number; isTold: boolean } | undefined;

  constructor(options: HeldBackWatchOptions) {
    const { journal } = options.tables;
    this.#options = options;
    this.#lookedAt = options.clock.now();
    this.#look = `SELECT CAST(MIN_ACTIVE_ROWVERSION() AS bigint),
      (SELECT TOP (1) CAST(rv AS bigint) FROM ${journal} WITH (READPAST, READCOMMITTEDLOCK) ORDER BY rv DESC, first_index DESC)`;
    this.#who = `
      SELECT TOP (1) s.session_id, s.login_name, s.host_name, s.program_name,
        DATEDIFF_BIG(millisecond, a.transaction_begin_time, GETDATE())
      FROM sys.dm_tran_database_transactions AS d
      JOIN sys.dm_tran_session_transactions AS t ON t.transaction_id = d.transaction_id
      JOIN sys.dm_tran_active_transactions AS a ON a.transaction_id = d.transaction_id
      JOIN sys.dm_exec_sessions AS s ON s.session_id = t.session_id
      WHERE d.database_id = DB_ID() AND d.database_transaction_begin_time IS NOT NULL
      ORDER BY d.database_transaction_begin_time`;
  }

  /** A reader has read all that it may: from time to time, that is when to ask whether there is more. */
  caughtUp(): void {
    const { clock, afterInMs } = this.#options;
    if (clock.now() - this.#lookedAt < afterInMs / 2) return;
    this.#lookedAt = clock.now();
    // A look that fails is no fault of the reader's; the next one comes soon.
    void this.look().catch(() => {});
  }

  /** What holds readers back now, for however short a time; `undefined` when nothing does. */
  async look(): Promise<HeldBackJournal | undefined> {
    const { client, clock } = this.#options;
    const [row] = await client.rows<[string, string | null]>(this.#look);
    const [mark, last] = row!;
    if (last === null || BigInt(last) < BigInt(mark)) {
      this.#held = undefined;
      return undefined;
    }
    if (this.#held?.mark !== mark) this.#held = { mark, since: clock.now(), isTold: false };
    const forMs = clock.now() - this.#held.since;
    const held = { mark, forMs, transaction: await this.#holder() };
    if (forMs >= this.#options.afterInMs && !this.#held.isTold) {
      this.#held.isTold = true;
      this.#options.onHeldBack(held);
    }
    return held;
  }

  async #holder(): Promise<OpenTransaction | undefined> {
    try {
      const [row] = await this.#options.client.rows<[number, string, string | null, string | null, string]>(
        this.#who,
      );
      if (row === undefined) return undefined;
      const [sessionId, login, host, program, openForMs] = row;
      return { sessionId, login, host: host ?? '', program: program ?? '', openForMs: Number(openForMs) };
    } catch {
      // Not permitted, or not known there.
      return undefined;
    }
  }
}

export function warnHeldBack({ mark, forMs, transaction }: HeldBackJournal): void {
  const who =
    transaction === undefined
      ? 'a transaction that this login may not see'
      : `session ${transaction.sessionId} (${transaction.login}, ${transaction.program} on ${transaction.host}), open for ${transaction.openForMs} ms,`;
  process.emitWarning(
    `The journal has stood still before row ${mark} for ${forMs} ms: ${transaction === undefined ? '' : 'probably '}${who} has written and not ended.`,
    { type: 'DiptychJournalHeldBack', code: 'journal-held-back' },
  );
}
