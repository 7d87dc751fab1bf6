import type { Clock } from '../clock/clock.js';
import { within } from '../clock/within.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { ReadLimits } from '../journal/journal-reader.js';
import type { Delivery, PartitionSession, TopicSubscription } from '../transports/transport.js';
import { ArrivalFaults } from './arrival-faults.js';
import { chainOf } from './chain.js';
import type { Feed, JournalFeed } from './feed.js';
import type { PartitionRun } from './partition-run.js';
import type { SubscriptionObserver } from './subscription-notice.js';
import type { OwnedPartition, SubscriptionStore } from './subscription-store.js';

export interface ArrivalFeedOptions {
  readonly subscription: string;
  readonly store: SubscriptionStore;
  readonly clock: Clock;
  readonly owner: string;
  readonly leaseInMs: number;
  readonly pollInMs: number;
  readonly limits: ReadLimits;
  readonly observe: SubscriptionObserver;
}

/** How long a turn waits for the broker to give a session, in milliseconds. */
const patienceInMs = 200;

/** A partition's session with the broker, and what it brought that is not settled yet. */
interface OpenSession {
  readonly session: PartitionSession;
  unsettled: readonly Delivery[];
  /** It has answered once: that it is lost later is in the nature of sessions, and nothing to tell. */
  hasWorked: boolean;
  renewAt: number;
  /** When the journal is looked at even if no gap shows: a last message may have been lost. */
  lookAt: number;
}

/** A session that the broker was asked for. */
interface AskedSession {
  readonly answer: Promise<PartitionSession | undefined>;
  isAnswered: boolean;
}

function askedSession(answer: Promise<PartitionSession | undefined>): AskedSession {
  const asked = { answer, isAnswered: false };
  void asked.answer.then(() => {
    asked.isAnswered = true;
  });
  return asked;
}

/**
 * Takes entries from an ordered transport, and from the journal what is missing there: gaps, partitions whose
 * session another receiver has, and by a slow poll what was lost at the end.
 */
export class ArrivalFeed implements Feed {
  readonly #arrivals: TopicSubscription;
  readonly #journal: JournalFeed;
  readonly #options: ArrivalFeedOptions;
  readonly #faults: ArrivalFaults;
  readonly #sessions = new Map<PartitionRun, OpenSession>();
  readonly #askAgainAt = new WeakMap<PartitionRun, number>();
  /** Asked of the broker, and not answered yet. */
  readonly #asked = new Map<PartitionRun, AskedSession>();
  #mayHaveMore = false;

  constructor(arrivals: TopicSubscription, journal: JournalFeed, options: ArrivalFeedOptions) {
    this.#arrivals = arrivals;
    this.#journal = journal;
    this.#options = options;
    this.#faults = new ArrivalFaults(options);
  }

  async next(runs: readonly PartitionRun[]): Promise<ReadonlyMap<PartitionRun, readonly JournalEntry[]>> {
    this.#mayHaveMore = false;
    const found = new Map<PartitionRun, readonly JournalEntry[]>();
    const fromJournal: PartitionRun[] = [];
    await Promise.all(
      runs.map(async (run) => {
        const arrived = await this.#arrived(run);
        if (arrived === 'look-in-journal') fromJournal.push(run);
        else found.set(run, arrived);
      }),
    );
    for (const [run, entries] of await this.#read(fromJournal, found)) found.set(run, entries);
    return found;
  }

  /** What sessions have brought does not wait for a journal that cannot be read: its partitions are left for later. */
  async #read(
    runs: readonly PartitionRun[],
    found: ReadonlyMap<PartitionRun, readonly JournalEntry[]>,
  ): Promise<ReadonlyMap<PartitionRun, readonly JournalEntry[]>> {
    try {
      return await this.#journal.next(runs.filter(({ isPrepared }) => isPrepared));
    } catch (error) {
      if ([...found.values()].every(({ length }) => length === 0)) throw error;
      return new Map();
    }
  }

  get mayHaveMore(): boolean {
    return this.#mayHaveMore;
  }

  async advanced(runs: readonly PartitionRun[]): Promise<void> {
    await Promise.all(runs.map((run) => this.#settleSeen(run)));
  }

  async left(runs: readonly PartitionRun[]): Promise<void> {
    await Promise.all(runs.map((run) => this.#leave(run)));
  }

  onArrival(listener: () => void): () => void {
    return this.#arrivals.onArrival(listener);
  }

  async #arrived(run: PartitionRun): Promise<readonly JournalEntry[] | 'look-in-journal'> {
    const open = this.#sessions.get(run) ?? (await this.#accept(run));
    if (open === undefined || !run.isPrepared) return 'look-in-journal';
    try {
      await this.#renew(run, open);
      if (open.unsettled.length === 0)
        open.unsettled = await open.session.receive(this.#options.limits.maxEvents);
    } catch (error) {
      // Lost, or out of reach: the journal has everything that the session would have brought.
      if (!open.hasWorked) this.#faults.failed(run, error);
      await this.#drop(run, open);
      return 'look-in-journal';
    }
    open.hasWorked = true;
    this.#faults.worked(run);
    const { entries, hasGap } = chainOf(open.unsettled, run.checkpoint?.position);
    if (entries.length > 0) return this.#withinBytes(entries);
    // All that came was seen before; what was not stands behind it.
    if (!hasGap && open.unsettled.length > 0) this.#mayHaveMore = true;
    await this.#settleSeen(run);
    const now = this.#options.clock.now();
    if (!hasGap && now < open.lookAt) return [];
    open.lookAt = now + this.#options.pollInMs;
    return 'look-in-journal';
  }

  /** Having the session raises the epoch too: it decides about deliveries alone, and the epoch about writes. */
  async #accept(run: PartitionRun): Promise<OpenSession | undefined> {
    const session = await this.#answered(run);
    if (session === undefined) return undefined;
    const { epoch } = run.ownership;
    const seized = await this.#seize(run);
    if (seized === undefined) {
      await session.close().catch(() => {});
      return undefined;
    }
    const { checkpoint, ...ownership } = seized;
    run.ownership = ownership;
    // Somebody else wrote in between: what this run remembers is no longer true.
    if (ownership.epoch !== epoch + 1) {
      run.begin(checkpoint);
      this.#mayHaveMore = true;
    }
    const renewAt = this.#options.clock.now() + session.renewEveryMs;
    const open = { session, unsettled: [], hasWorked: false, renewAt, lookAt: 0 };
    this.#sessions.set(run, open);
    return open;
  }

  async #seize(run: PartitionRun): Promise<OwnedPartition | undefined> {
    const { store, owner, leaseInMs } = this.#options;
    const { subscription, partition } = run.ownership;
    try {
      return await store.seize({ subscription, partition, owner, leaseInMs });
    } catch (error) {
      this.#faults.failed(run, error);
      return undefined;
    }
  }

  /**
   * The session of a partition, if the broker gives it soon. One that it gives later is used then: while it thinks,
   * nothing else waits.
   */
  async #answered(run: PartitionRun): Promise<PartitionSession | undefined> {
    const { clock, pollInMs } = this.#options;
    const before = this.#asked.get(run);
    if (before !== undefined && !before.isAnswered) return undefined;
    if (before === undefined && clock.now() < (this.#askAgainAt.get(run) ?? 0)) return undefined;
    const asked = before ?? this.#ask(run);
    this.#asked.set(run, asked);
    this.#askAgainAt.set(run, clock.now() + pollInMs);
    const session = await within(clock, patienceInMs, asked.answer);
    if (session === 'time-over') return undefined;
    this.#asked.delete(run);
    return session;
  }

  #ask(run: PartitionRun): AskedSession {
    const answer = this.#arrivals.accept(run.partition).catch((error: unknown) => {
      // Said late, perhaps: by then the partition may have been left.
      if (this.#asked.get(run) === asked) this.#faults.failed(run, error);
      return undefined;
    });
    const asked = askedSession(answer);
    return asked;
  }

  async #renew(run: PartitionRun, open: OpenSession): Promise<void> {
    const now = this.#options.clock.now();
    if (now < open.renewAt) return;
    open.renewAt = now + open.session.renewEveryMs;
    if (!(await open.session.renew())) throw new Error(`The session of partition ${run.partition} was lost.`);
  }

  async #settleSeen(run: PartitionRun): Promise<void> {
    const open = this.#sessions.get(run);
    const reached = run.checkpoint?.position;
    if (open === undefined || reached === undefined) return;
    const seen = open.unsettled.filter(({ message }) => message.entry.position <= reached);
    if (seen.length === 0) return;
    open.unsettled = open.unsettled.filter((delivery) => !seen.includes(delivery));
    open.lookAt = this.#options.clock.now() + this.#options.pollInMs;
    // What cannot be settled comes again, and is recognised.
    await open.session.settle(seen).catch(() => this.#drop(run, open));
  }

  async #leave(run: PartitionRun): Promise<void> {
    const open = this.#sessions.get(run);
    const asked = this.#asked.get(run);
    this.#sessions.delete(run);
    this.#asked.delete(run);
    this.#faults.left(run);
    // Nobody waits for a broker that takes its time; a session that it gives later would be held by nobody.
    void asked?.answer.then((session) => session?.close()).catch(() => {});
    await open?.session.close().catch(() => {});
  }

  async #drop(run: PartitionRun, open: OpenSession): Promise<void> {
    this.#sessions.delete(run);
    await open.session.close().catch(() => {});
  }

  #withinBytes(entries: readonly JournalEntry[]): readonly JournalEntry[] {
    let bytes = 0;
    const end = entries.findIndex(({ data }, index) => {
      bytes += data.length;
      return index > 0 && bytes > this.#options.limits.maxBytes;
    });
    return end < 0 ? entries : entries.slice(0, end);
  }
}
