import {
  type AppendToStream,
  assertFits,
  type BeginOptions,
  type Claim,
  ClaimHolders,
  type ClaimOptions,
  type Clock,
  type Committed,
  Deadlines,
  type InboxKey,
  type LoadStreamOptions,
  type MovedDue,
  type RecordedEvent,
  type Release,
  type SendCommand,
  type SettledCommand,
  type StreamId,
  stored,
  type WriteBatch,
  type WriteStore,
  type WriteStoreOptions,
  type WriteTransaction,
} from '@diptych/core';
import { OpenSqliteTransaction, type Written } from './open-sqlite-transaction.js';
import type { SqliteConnection } from './sqlite-client.js';
import { eventOf, type JournalColumns, journalColumns } from './sqlite-codec.js';
import {
  findSettled,
  forgetSettled,
  hasMarksToForget,
  type InboxId,
  settledCommand,
  writeMark,
} from './sqlite-inbox.js';
import { assertUnitFits, type SqliteJournal, streamHash } from './sqlite-journal.js';
import type { SqliteReading } from './sqlite-reading.js';
import { addScheduled, cancelScheduled, nextDueInMs, takeDue } from './sqlite-schedule.js';
import type { SqliteTransaction } from './sqlite-transaction.js';
import type { SqliteWriter } from './sqlite-writer.js';

export interface SqliteWriteStoreOptions {
  readonly writer: SqliteWriter;
  readonly reading: SqliteReading;
  readonly journal: SqliteJournal;
  readonly clock: Clock;
  readonly options: WriteStoreOptions;
}

const selectStream = `
  SELECT ${journalColumns}
  FROM diptych_journal AS j
  WHERE j.stream = ? AND j.key = ? AND j.tenant = ? AND j.version > ?
  ORDER BY j.version LIMIT ?`;

/** The write store in a SQLite file. `native` is the transaction of its one writer. */
export class SqliteWriteStore implements WriteStore<SqliteTransaction> {
  readonly options: WriteStoreOptions;
  readonly #writer: SqliteWriter;
  readonly #reading: SqliteReading;
  readonly #journal: SqliteJournal;
  readonly #clock: Clock;
  readonly #holders: ClaimHolders;
  /** By length: mostly all sessions have the same. */
  readonly #deadlines = new Map<number, Deadlines>();

  constructor({ writer, reading, journal, clock, options }: SqliteWriteStoreOptions) {
    this.options = options;
    this.#writer = writer;
    this.#reading = reading;
    this.#journal = journal;
    this.#clock = clock;
    this.#holders = new ClaimHolders(clock);
  }

  async begin({ timeLimitInMs }: BeginOptions): Promise<WriteTransaction<SqliteTransaction>> {
    return this.#open(this.#writer.tryOpen() ?? (await this.#writer.open()), timeLimitInMs);
  }

  async claim(key: InboxKey, { waitInMs, timeLimitInMs }: ClaimOptions): Promise<Claim<SqliteTransaction>> {
    // Held before the writer is: copies that come meanwhile wait for this one, and not for the writer.
    const letGo = this.#holders.tryHold(key) ?? (await this.#holders.hold(key, waitInMs));
    let release: Release | undefined;
    try {
      // A copy of a settled command need not wait for anybody; where nobody is waited for, asking once is enough.
      const known = this.#writer.isTaken
        ? await this.#reading.read((connection) => settledCommand(connection, key))
        : undefined;
      if (known !== undefined) return { state: 'settled', command: known };
      release = this.#writer.tryOpen() ?? (await this.#writer.open());
    } finally {
      if (release === undefined) letGo();
    }
    const transaction = this.#open(() => {
      letGo();
      release();
    }, timeLimitInMs);
    try {
      // Another process may have handled it meanwhile. From here on nobody can: there is one writer to the file.
      const command = settledCommand(this.#writer.connection, key);
      if (command === undefined) return { state: 'claimed', transaction };
      await transaction.rollback();
      return { state: 'settled', command };
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  }

  async commit(batch: WriteBatch): Promise<Committed> {
    const { ranges, announce } = await this.#writer.run((connection) => this.#write(connection, batch));
    announce();
    return { ranges };
  }

  loadStream(
    stream: StreamId,
    { afterVersion = 0, limit = -1 }: LoadStreamOptions = {},
  ): Promise<readonly RecordedEvent[]> {
    const of = [streamHash(stream), stored(stream.name), stored(stream.tenant)] as const;
    return this.#reading.read((connection) =>
      connection.columns<JournalColumns>(selectStream, ...of, afterVersion, limit).map(eventOf),
    );
  }

  findSettled(key: InboxId): Promise<SettledCommand | undefined> {
    return this.#reading.read((connection) => findSettled(connection, key));
  }

  async moveDue(partition: number, limit: number): Promise<MovedDue> {
    // Asked without the writer first: mostly there is nothing to do.
    const next = await this.#reading.read((connection) =>
      nextDueInMs(connection, partition, this.#clock.now()),
    );
    if (next === undefined || next > 0) return { moved: 0, nextInMs: next };
    const answer = await this.#writer.run((connection) => {
      const due = takeDue(connection, partition, limit, this.#clock.now());
      this.#journal.write(connection, due);
      return { moved: due.length, nextInMs: nextDueInMs(connection, partition, this.#clock.now()) };
    });
    if (answer.moved > 0) this.#journal.announce([partition]);
    return answer;
  }

  async forgetSettled(limit: number): Promise<number> {
    const now = this.#clock.now();
    if (!(await this.#reading.read((connection) => hasMarksToForget(connection, now)))) return 0;
    return this.#writer.run((connection) => forgetSettled(connection, limit, now));
  }

  #open(end: Release, timeLimitInMs: number): OpenSqliteTransaction {
    return new OpenSqliteTransaction({
      writer: this.#writer,
      deadlines: this.#deadlinesOf(timeLimitInMs),
      timeLimitInMs,
      write: (batch) => this.#write(this.#writer.connection, batch),
      end,
    });
  }

  #deadlinesOf(limitInMs: number): Deadlines {
    const known = this.#deadlines.get(limitInMs);
    if (known !== undefined) return known;
    const made = new Deadlines(this.#clock, limitInMs);
    this.#deadlines.set(limitInMs, made);
    return made;
  }

  #write(connection: SqliteConnection, { entries, mark }: WriteBatch): Written {
    this.#assertSizes(entries);
    const journalled = entries.filter(isJournalled);
    assertUnitFits(journalled);

    const now = this.#clock.now();
    const ranges = this.#journal.write(connection, journalled);
    const touched = new Set(ranges.map(({ partition }) => partition));
    for (const entry of entries) {
      if (entry.kind === 'schedule') {
        const partition = this.#journal.partitionOf(entry.key);
        addScheduled(connection, entry, partition, now);
        touched.add(partition);
      } else if (entry.kind === 'cancel') cancelScheduled(connection, entry);
    }
    if (mark !== undefined) writeMark(connection, mark, ranges, now);
    return { ranges, announce: () => this.#journal.announce([...touched]) };
  }

  #assertSizes(entries: WriteBatch['entries']): void {
    const { maxMessageBytes } = this.options;
    if (maxMessageBytes === undefined) return;
    for (const entry of entries) {
      if (entry.kind === 'append') for (const event of entry.events) assertFits(event, maxMessageBytes);
      else if (entry.kind !== 'cancel') assertFits(entry.command, maxMessageBytes);
    }
  }
}

function isJournalled(entry: WriteBatch['entries'][number]): entry is AppendToStream | SendCommand {
  return entry.kind === 'append' || entry.kind === 'send';
}
