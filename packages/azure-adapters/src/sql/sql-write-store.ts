import {
  type AppendToStream,
  assertExpectedVersion,
  assertFits,
  type BeginOptions,
  type Claim,
  ClaimHolders,
  type ClaimOptions,
  type Clock,
  type Committed,
  ConcurrencyConflictError,
  Deadlines,
  DiptychError,
  type InboxKey,
  type LoadStreamOptions,
  type MovedDue,
  maxEventsPerUnit,
  partitionOf,
  type RecordedEvent,
  type Release,
  restored,
  type SettledCommand,
  type StreamId,
  type WriteBatch,
  type WriteStore,
  type WriteStoreOptions,
  type WriteTransaction,
} from '@diptych/core';
import type { CommitNotices, UnderWay } from './commit-notices.js';
import { FinalBatch, type SqlCall } from './final-batch.js';
import type { InboxId, SqlInbox } from './inbox.js';
import { eventsOf, type JournalColumns, journalColumns } from './journal-codec.js';
import { OpenSqlTransaction, rollBack, writtenBy } from './open-sql-transaction.js';
import type { SqlSchedule } from './schedule.js';
import { ask, type SqlParent } from './sql-answer.js';
import { aloneSettings, type SqlClient } from './sql-client.js';
import {
  decisive,
  isDuplicateKey,
  isLockTimeout,
  sqlError,
  sqlNumber,
  storeError,
  thrown,
  transactionEndedError,
} from './sql-errors.js';
import { digest, int } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';
import { SqlTransaction } from './sql-transaction.js';
import type { TransactionSlots } from './transaction-slots.js';
import { rangesOf } from './written-ranges.js';

export interface SqlWriteStoreOptions {
  readonly client: SqlClient;
  readonly tables: SqlTables;
  readonly partitions: number;
  readonly inbox: SqlInbox;
  readonly schedule: SqlSchedule;
  readonly notices: CommitNotices;
  readonly clock: Clock;
  readonly slots: TransactionSlots;
  readonly options: WriteStoreOptions;
  /** For tests that look between the final batch and its commit. */
  readonly beforeCommit?: (() => Promise<void>) | undefined;
}

/** How the final batch is sent. */
interface Sending {
  readonly parent: SqlParent;
  /** Whether the transaction is open; else the batch begins it. */
  readonly isOpen: boolean;
  /** What the transaction has claimed. */
  readonly claim: InboxKey | undefined;
}

const inTransaction = `IF @@TRANCOUNT <> 1 THROW ${thrown.notInTransaction}, 'The transaction has ended.', 1;\n`;

/** The write store in a SQL Server database. `native` is the driver's transaction. */
export class SqlWriteStore implements WriteStore<SqlTransaction> {
  readonly options: WriteStoreOptions;
  readonly #parts: SqlWriteStoreOptions;
  readonly #batch: FinalBatch;
  readonly #holders: ClaimHolders;
  /** By length: mostly all sessions have the same. */
  readonly #deadlines = new Map<number, Deadlines>();

  constructor(parts: SqlWriteStoreOptions) {
    const { client, tables, partitions, clock, options } = parts;
    this.options = options;
    this.#parts = parts;
    this.#batch = new FinalBatch({ tables, partitions, now: client.now });
    this.#holders = new ClaimHolders(clock);
  }

  errorOf(error: unknown): unknown {
    return sqlError(error);
  }

  async begin({ timeLimitInMs }: BeginOptions): Promise<WriteTransaction<SqlTransaction>> {
    const giveBack = await this.#parts.slots.take(timeLimitInMs);
    const underWay = this.#parts.notices.begin();
    const transaction = this.#transaction();
    try {
      const { errors } = await transaction.open(beginWith(timeLimitInMs));
      const error = decisive(errors);
      if (error !== undefined) throw error;
      return this.#opened(transaction, timeLimitInMs, underWay, undefined, giveBack);
    } catch (error) {
      transaction.cut();
      underWay.end([]);
      giveBack();
      throw storeError(error);
    }
  }

  async claim(key: InboxKey, options: ClaimOptions): Promise<Claim<SqlTransaction>> {
    // Held before a connection is: copies that come meanwhile wait for this one, and take none from others.
    const letGo = this.#holders.tryHold(key) ?? (await this.#holders.hold(key, options.waitInMs));
    try {
      for (let attempt = 1; attempt <= claimAttempts; attempt++) {
        const transaction = await this.#tryClaim(key, options, letGo, attempt > 1);
        if (transaction !== undefined) return { state: 'claimed', transaction };
        const command = await this.#parts.inbox.settled(key);
        // None where its mark was forgotten between the two looks, or its claim was committed without one.
        if (command === undefined) continue;
        letGo();
        return { state: 'settled', command };
      }
      throw commandInProgress(key);
    } catch (error) {
      letGo();
      throw error;
    }
  }

  async commit(batch: WriteBatch): Promise<Committed> {
    if (FinalBatch.split(batch).length > 1) {
      const transaction = await this.begin({ timeLimitInMs: this.options.sessionTimeLimitInMs });
      try {
        return await transaction.commit(batch);
      } finally {
        await transaction.rollback();
      }
    }
    const underWay = this.#parts.notices.begin();
    let partitions: readonly number[] = [];
    try {
      const { client } = this.#parts;
      const committed = await this.#send(batch, { parent: client.pool, isOpen: false, claim: undefined });
      partitions = this.#touched(batch, committed);
      return committed;
    } catch (error) {
      throw storeError(error);
    } finally {
      underWay.end(partitions);
    }
  }

  async loadStream(
    stream: StreamId,
    { afterVersion = 0, limit }: LoadStreamOptions = {},
  ): Promise<readonly RecordedEvent[]> {
    const { journal } = this.#parts.tables;
    const rows = await this.#parts.client.rows<JournalColumns>(
      `SELECT TOP (@limit) ${journalColumns} FROM ${journal} AS j
       WHERE j.stream = @stream AND j.last_version > @after AND j.first_version >=
         (SELECT COALESCE(MAX(first_version), 1) FROM ${journal} WHERE stream = @stream AND first_version <= @after + 1)
       ORDER BY j.first_version`,
      {
        stream: digest(stream.tenant, stream.name),
        after: int(Math.min(afterVersion, maxVersion)),
        limit: int(limit ?? maxVersion),
      },
    );
    const events = rows.flatMap(eventsOf).filter(({ version }) => version > afterVersion);
    return limit === undefined ? events : events.slice(0, limit);
  }

  findSettled(key: InboxId): Promise<SettledCommand | undefined> {
    return this.#parts.inbox.find(key);
  }

  async moveDue(partition: number, limit: number): Promise<MovedDue> {
    const { schedule } = this.#parts;
    const next = await schedule.nextDueInMs(partition);
    if (next === undefined || next > 0) return { moved: 0, nextInMs: next };
    const transaction = await this.begin({ timeLimitInMs: this.options.sessionTimeLimitInMs });
    try {
      const due = await schedule.takeDue(transaction.native, partition, limit);
      await transaction.commit({ entries: due });
      return { moved: due.length, nextInMs: await schedule.nextDueInMs(partition) };
    } finally {
      await transaction.rollback();
    }
  }

  forgetSettled(limit: number): Promise<number> {
    return this.#parts.inbox.forget(limit);
  }

  /** `undefined` when the key is settled, or another transaction took it just now. */
  async #tryClaim(
    key: InboxKey,
    { waitInMs, timeLimitInMs }: ClaimOptions,
    letGo: Release,
    isAgain: boolean,
  ): Promise<OpenSqlTransaction | undefined> {
    const giveBack = await this.#parts.slots.take(timeLimitInMs);
    const underWay = this.#parts.notices.begin();
    const transaction = this.#transaction();
    try {
      const statement = this.#parts.inbox.claimStatement(key, isAgain);
      const { errors } = await transaction.open(beginWith(timeLimitInMs, waitInMs, statement));
      const error = decisive(errors);
      if (error === undefined) {
        const ended = () => {
          giveBack();
          letGo();
        };
        return this.#opened(transaction, timeLimitInMs, underWay, key, ended);
      }
      await rollBack(transaction);
      underWay.end([]);
      giveBack();
      if (isDuplicateKey(error)) return undefined;
      throw isLockTimeout(error) ? commandInProgress(key) : error;
    } catch (error) {
      transaction.cut();
      underWay.end([]);
      giveBack();
      throw storeError(error);
    }
  }

  #transaction(): SqlTransaction {
    return new SqlTransaction(this.#parts.client.pool);
  }

  #opened(
    transaction: SqlTransaction,
    timeLimitInMs: number,
    underWay: UnderWay,
    claim: InboxKey | undefined,
    ended: () => void,
  ): OpenSqlTransaction {
    let touched: readonly number[] = [];
    return new OpenSqlTransaction({
      transaction,
      timeLimitInMs,
      deadlines: this.#deadlinesOf(timeLimitInMs),
      write: async (batch) => {
        const committed = await this.#send(batch, { parent: transaction, isOpen: true, claim });
        touched = this.#touched(batch, committed);
        return committed;
      },
      end: () => {
        underWay.end(touched);
        ended();
      },
    });
  }

  async #send(batch: WriteBatch, sending: Sending): Promise<Committed> {
    this.#assertSizes(batch);
    const calls = FinalBatch.split(batch);
    let written = '';
    let index = 0;
    for (const [at, entries] of calls.entries()) {
      const isLast = at === calls.length - 1;
      const inbox = isLast ? { claim: sending.claim, mark: batch.mark } : {};
      const call = this.#batch.call(entries, index, written, inbox);
      const judge = (error: Error) => this.#judge(error, entries);
      written = await this.#sendCall(call, { ...sending, isFirst: at === 0, isLast }, judge).catch((error) =>
        this.#rethrow(error, batch),
      );
      index += eventCount(entries);
    }
    return { ranges: rangesOf(written) };
  }

  async #sendCall(
    { sql, parameters }: SqlCall,
    { parent, isOpen, isFirst, isLast }: Sending & { readonly isFirst: boolean; readonly isLast: boolean },
    judge: (error: Error) => unknown,
  ): Promise<string> {
    const { beforeCommit } = this.#parts;
    const begin = isOpen ? (isFirst ? inTransaction : '') : 'BEGIN TRANSACTION;\n';
    const end = isLast && beforeCommit === undefined ? committed : 'SELECT @written';
    const text = `${finalSettings(isOpen)}${begin}${sql}\n${end}`;
    const { sets, errors } = await ask(parent, text, parameters);
    const written = writtenBy(sets, errors, { judge, mayBeCommitted: isLast });
    if (!isLast || beforeCommit === undefined) return written;
    await beforeCommit();
    const held = await ask(parent, `COMMIT; SELECT ''`, 'batch');
    writtenBy(held.sets, held.errors, { judge, mayBeCommitted: true });
    return written;
  }

  /** What a complaint of the server's about the final batch means. */
  #judge(error: Error, entries: WriteBatch['entries']): unknown {
    const number = sqlNumber(error);
    if (number === thrown.wrongVersion || number === thrown.otherPartitionKey) {
      const colon = error.message.indexOf(':');
      const entry = entries[Number(error.message.slice(0, colon))] as AppendToStream;
      const rest = error.message.slice(colon + 1);
      if (number === thrown.otherPartitionKey) return partitionKeyChanged(entry, restored(rest));
      return wrongVersion(entry, Number(rest));
    }
    if (number === thrown.notInTransaction) return transactionEndedError(error);
    if (number === thrown.markGone || number === thrown.outOfOrder || isDuplicateKey(error))
      return new ConcurrencyConflictError('Another unit of work came first.', {}, new Error(error.message));
    return storeError(error);
  }

  // What another one wrote first tells more: a mark of another payload, or a stream that was not to be there.
  async #rethrow(error: unknown, { mark, entries }: WriteBatch): Promise<never> {
    if (!(error instanceof ConcurrencyConflictError)) throw error;
    if (mark !== undefined) await this.#parts.inbox.settled(mark.key);
    for (const entry of entries) {
      if (entry.kind !== 'append' || entry.expectedVersion !== 'none') continue;
      const version = await this.#versionOf(entry.stream);
      if (version > 0) throw wrongVersion(entry, version);
    }
    throw error;
  }

  async #versionOf({ tenant, name }: StreamId): Promise<number> {
    const rows = await this.#parts.client.rows<[number]>(
      `SELECT TOP (1) last_version FROM ${this.#parts.tables.journal} WHERE stream = @stream ORDER BY first_version DESC`,
      { stream: digest(tenant, name) },
    );
    return rows[0]?.[0] ?? 0;
  }

  #touched({ entries }: WriteBatch, { ranges }: Committed): readonly number[] {
    const touched = new Set(ranges.map(({ partition }) => partition));
    for (const entry of entries)
      if (entry.kind === 'schedule') touched.add(partitionOf(entry.key, this.#parts.partitions));
    return [...touched];
  }

  #assertSizes({ entries }: WriteBatch): void {
    const count = eventCount(entries);
    if (count > maxEventsPerUnit) throw unitTooLarge(count);
    const { maxMessageBytes } = this.options;
    if (maxMessageBytes === undefined) return;
    for (const entry of entries) {
      if (entry.kind === 'append') for (const event of entry.events) assertFits(event, maxMessageBytes);
      else if (entry.kind !== 'cancel') assertFits(entry.command, maxMessageBytes);
    }
  }

  #deadlinesOf(limitInMs: number): Deadlines {
    const known = this.#deadlines.get(limitInMs);
    if (known !== undefined) return known;
    const made = new Deadlines(this.#parts.clock, limitInMs);
    this.#deadlines.set(limitInMs, made);
    return made;
  }
}

const maxVersion = 2 ** 31 - 2;

/** Others claim the same key at the same time, and forget it: not so often. */
const claimAttempts = 5;

/** The row behind it proves the commit, and would prove nothing if a transaction were open still. */
const committed = 'COMMIT;\nSELECT CASE WHEN @@TRANCOUNT = 0 THEN @written END';

/** What a statement of the final batch waits for a lock at most, in milliseconds. */
const finalTimeout = 'SET LOCK_TIMEOUT 10000;\n';

/**
 * What the final batch begins with. In an open transaction the connection has its settings; those are given again that
 * the promises rest on, should the program's own statements have changed them.
 */
const finalSettings = (isOpen: boolean) =>
  isOpen
    ? `SET NOCOUNT, XACT_ABORT ON;\nSET TRANSACTION ISOLATION LEVEL READ COMMITTED;\n${finalTimeout}`
    : `${aloneSettings}\n${finalTimeout}`;

/** The batch that begins a transaction. Whoever waits for a claim waits as long as that one may; others as usual. */
function beginWith(timeLimitInMs: number, claimWaitInMs?: number, claim = ''): string {
  const usual = `SET LOCK_TIMEOUT ${Math.max(1, Math.ceil(timeLimitInMs))};`;
  if (claimWaitInMs === undefined) return `${aloneSettings}\n${usual}\nBEGIN TRANSACTION;`;
  const wait = `SET LOCK_TIMEOUT ${Math.max(0, Math.ceil(claimWaitInMs))};`;
  return `${aloneSettings}\n${wait}\nBEGIN TRANSACTION;\n${claim}\n${wait === usual ? '' : usual}`;
}

function eventCount(entries: WriteBatch['entries']): number {
  return entries.reduce((sum, entry) => {
    if (entry.kind === 'append') return sum + entry.events.length;
    return entry.kind === 'send' ? sum + 1 : sum;
  }, 0);
}

function wrongVersion({ stream, expectedVersion }: AppendToStream, actual: number): unknown {
  try {
    assertExpectedVersion(stream, expectedVersion, actual);
  } catch (error) {
    return error;
  }
  return new ConcurrencyConflictError('Another unit of work came first.', { ...stream });
}

function partitionKeyChanged({ stream, partitionKey }: AppendToStream, established: string): DiptychError {
  return new DiptychError({
    code: 'partition-key-changed',
    message: `Stream '${stream.name}' has the partition key '${established}' since its first event; '${partitionKey}' came later.`,
    origin: 'programming',
    details: { ...stream, partitionKey, established },
  });
}

function unitTooLarge(count: number): DiptychError {
  return new DiptychError({
    code: 'unit-too-large',
    message: `One unit of work writes ${count} events and commands; ${maxEventsPerUnit} is the most.`,
    origin: 'programming',
    details: { count, max: maxEventsPerUnit },
  });
}

function commandInProgress(key: InboxKey): DiptychError {
  return new DiptychError({
    code: 'command-in-progress',
    message: `'${key.id}' is being handled by another unit of work.`,
    retryable: true,
    details: { handler: key.handler, id: key.id },
  });
}
