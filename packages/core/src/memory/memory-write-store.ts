import type { Clock } from '../clock/clock.js';
import { within } from '../clock/within.js';
import { DiptychError } from '../errors/diptych-error.js';
import type { RecordedEvent } from '../journal/journal-entry.js';
import type { InboxKey, SettledCommand } from '../unit-of-work/inbox.js';
import { assertFits } from '../unit-of-work/message-size.js';
import type { StreamId } from '../unit-of-work/stream-id.js';
import type { WriteBatch } from '../unit-of-work/write-batch.js';
import type {
  BeginOptions,
  Claim,
  ClaimOptions,
  Committed,
  LoadStreamOptions,
  MovedDue,
  WriteStore,
  WriteStoreOptions,
  WriteTransaction,
} from '../unit-of-work/write-store.js';
import { type Release, WriterQueue } from '../unit-of-work/writer-queue.js';
import { type InboxId, inboxIdOf, MemoryInbox } from './memory-inbox.js';
import type { MemoryJournal } from './memory-journal.js';
import { MemorySchedule } from './memory-schedule.js';
import { MemoryTables, type MemoryTransaction, type StagedTables } from './memory-tables.js';
import { OpenMemoryTransaction } from './open-memory-transaction.js';

/**
 * The write store in memory. It has a single writer, as SQLite does: a transaction holds it from `begin` or
 * `claim` on, and a batch alone only while it is written.
 */
export class MemoryWriteStore implements WriteStore<MemoryTransaction> {
  readonly options: WriteStoreOptions;
  readonly #clock: Clock;
  readonly #journal: MemoryJournal;
  readonly #writer = new WriterQueue();
  readonly #tables = new MemoryTables();
  readonly #inbox = new MemoryInbox();
  readonly #schedule: MemorySchedule;
  // Who holds a key, so that a copy waits for that one transaction and not for the writer in general.
  readonly #claims = new Map<string, Promise<void>>();

  constructor(journal: MemoryJournal, clock: Clock, options: WriteStoreOptions) {
    this.options = options;
    this.#journal = journal;
    this.#clock = clock;
    this.#schedule = new MemorySchedule((key) => journal.partitionOf(key));
  }

  /** The program's own rows as they are committed, for reading outside a transaction. */
  get tables(): MemoryTransaction {
    return this.#tables.committed();
  }

  async begin({ timeLimitInMs }: BeginOptions): Promise<WriteTransaction<MemoryTransaction>> {
    return this.#open(await this.#writer.take(), timeLimitInMs);
  }

  async claim(key: InboxKey, { waitInMs, timeLimitInMs }: ClaimOptions): Promise<Claim<MemoryTransaction>> {
    const id = inboxIdOf(key);
    const giveUpAt = this.#clock.now() + waitInMs;
    for (let holder = this.#claims.get(id); holder !== undefined; holder = this.#claims.get(id)) {
      await this.#waitFor(holder, giveUpAt, key);
    }
    const known = this.#inbox.settled(key);
    if (known !== undefined) return { state: 'settled', command: known };
    // Claimed before the writer is: copies that come meanwhile wait for this one.
    const letGo = this.#hold(id);
    const release = await this.#writer.take();
    const end = () => {
      letGo();
      release();
    };
    return { state: 'claimed', transaction: this.#open(end, timeLimitInMs) };
  }

  async commit(batch: WriteBatch): Promise<Committed> {
    const release = this.#writer.tryTake() ?? (await this.#writer.take());
    try {
      return this.#write(batch);
    } finally {
      release();
    }
  }

  async loadStream(
    stream: StreamId,
    { afterVersion = 0, limit }: LoadStreamOptions = {},
  ): Promise<readonly RecordedEvent[]> {
    return this.#journal
      .events(stream)
      .slice(afterVersion, limit === undefined ? undefined : afterVersion + limit);
  }

  async findSettled(key: InboxId): Promise<SettledCommand | undefined> {
    return this.#inbox.find(key);
  }

  async moveDue(partition: number, limit: number): Promise<MovedDue> {
    const release = await this.#writer.take();
    try {
      const due = this.#schedule.due(partition, limit, this.#clock.now());
      this.#schedule.remove(partition, due);
      this.#journal.write(due);
      if (due.length > 0) this.#journal.announce([partition]);
      return { moved: due.length, nextInMs: this.#schedule.nextInMs(partition, this.#clock.now()) };
    } finally {
      release();
    }
  }

  async forgetSettled(limit: number): Promise<number> {
    return this.#inbox.forget(limit, this.#clock.now());
  }

  #open(release: Release, timeLimitInMs: number): OpenMemoryTransaction {
    return new OpenMemoryTransaction({
      tables: this.#tables,
      clock: this.#clock,
      timeLimitInMs,
      write: (batch, staged) => this.#write(batch, staged),
      end: release,
    });
  }

  // One synchronous step: all of it or, when a check throws, nothing.
  #write({ entries, mark }: WriteBatch, rows?: StagedTables): Committed {
    const journalled = entries.filter((entry) => entry.kind === 'append' || entry.kind === 'send');
    this.#assertSizes(entries);
    this.#journal.check(journalled);
    if (mark !== undefined) this.#inbox.check(mark);

    const now = this.#clock.now();
    const ranges = this.#journal.write(journalled);
    const touched = new Set(ranges.map(({ partition }) => partition));
    for (const entry of entries) {
      if (entry.kind === 'schedule') {
        this.#schedule.add(entry, now);
        touched.add(this.#journal.partitionOf(entry.key));
      } else if (entry.kind === 'cancel') this.#schedule.cancel(entry);
    }
    if (mark !== undefined) this.#inbox.write(mark, ranges, now);
    rows?.apply();
    this.#journal.announce([...touched]);
    return { ranges };
  }

  #assertSizes(entries: WriteBatch['entries']): void {
    for (const entry of entries) {
      if (entry.kind === 'append')
        for (const event of entry.events) assertFits(event, this.options.maxMessageBytes);
      else if (entry.kind !== 'cancel') assertFits(entry.command, this.options.maxMessageBytes);
    }
  }

  #hold(id: string): Release {
    let letGo = () => {};
    this.#claims.set(
      id,
      new Promise((resolve) => {
        letGo = resolve;
      }),
    );
    return () => {
      this.#claims.delete(id);
      letGo();
    };
  }

  async #waitFor(holder: Promise<void>, giveUpAt: number, key: InboxKey): Promise<void> {
    const ended = await within(this.#clock, giveUpAt - this.#clock.now(), holder);
    if (ended !== 'time-over') return;
    throw new DiptychError({
      code: 'command-in-progress',
      message: `'${key.id}' is being handled by another unit of work.`,
      retryable: true,
      details: { handler: key.handler, id: key.id },
    });
  }
}
