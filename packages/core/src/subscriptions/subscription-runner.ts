import { ArrivalFeed } from './arrival-feed.js';
import { type Feed, JournalFeed } from './feed.js';
import { LeaseKeeper } from './lease-keeper.js';
import { OwnedPartitions } from './owned-partitions.js';
import { PartitionWork } from './partition-work.js';
import { type Pump, PumpLoop } from './pump.js';
import type { PartitionStatus, SubscriptionControl } from './subscription-control.js';
import type { SubscriptionObserver } from './subscription-notice.js';
import { type SubscriptionOptions, type SubscriptionSettings, settingsOf } from './subscription-options.js';
import type { SubscriptionParts } from './subscription-parts.js';
import { globalPartition } from './subscription-store.js';

/**
 * Runs one subscription in one process: owns its share of the partitions, hands their entries to the consumer in
 * order, parks what cannot be handled, and moves the checkpoints after the effects. Others may do the same on the
 * same store; the epochs keep them apart.
 */
export class SubscriptionRunner implements Pump, SubscriptionControl {
  readonly name: string;
  readonly #settings: SubscriptionSettings;
  readonly #parts: SubscriptionParts;
  readonly #leases: LeaseKeeper;
  readonly #owned: OwnedPartitions;
  readonly #feed: Feed;
  readonly #work: PartitionWork;
  readonly #loop: PumpLoop;
  readonly #abort = new AbortController();
  readonly #unhear: (() => void)[] = [];
  #turning: Promise<unknown> = Promise.resolve();
  #isStarted = false;
  #isPaused = false;
  #delayInMs = 0;

  constructor(options: SubscriptionOptions) {
    const settings = settingsOf(options);
    this.name = settings.subscription;
    this.#settings = settings;
    this.#parts = { ...settings, observe: undisturbed(settings.observe), abortSignal: this.#abort.signal };
    this.#leases = new LeaseKeeper(this.#parts, {
      owner: settings.owner,
      partitions: settings.ordering === 'global' ? [globalPartition] : [...Array(settings.partitions).keys()],
      leaseInMs: settings.leaseInMs,
      askAgainInMs: settings.pollInMs,
      backoff: settings.backoff,
    });
    this.#owned = new OwnedPartitions(this.#parts, settings.backoff, () => this.#leases.hurry());
    const journal = new JournalFeed(settings.reader, settings.limits);
    this.#feed =
      settings.arrivals === undefined || settings.ordering === 'global'
        ? journal
        : new ArrivalFeed(settings.arrivals, journal, { ...settings, observe: this.#parts.observe });
    this.#work = new PartitionWork(this.#parts, settings, this.#owned, this.#feed);
    this.#loop = new PumpLoop(this, settings.clock);
  }

  /** Turns by itself from now on, woken by commits, arrivals and operators of this process, and by the poll. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const { reader, store } = this.#parts;
    const wake = () => this.wake();
    const unhear = [
      reader.onCommit?.(wake),
      store.onChange?.((subscription) => subscription === this.name && wake()),
      this.#feed.onArrival?.(wake),
    ];
    this.#unhear.push(...unhear.filter((one) => one !== undefined));
    this.#loop.start();
  }

  /** There may be work: the loop turns at once. */
  wake(): void {
    this.#loop.wake();
  }

  /** Finishes the batch in hand and gives the partitions back. Nothing is lost if it is never called. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    for (const unhear of this.#unhear.splice(0)) unhear();
    await this.#loop.stop();
    await this.#turning;
    const runs = this.#owned.clear();
    this.#leases.hurry();
    // What cannot be reached now frees the partitions by itself, when the leases end.
    await this.#feed.left?.(runs).catch(() => {});
    await this.#leases.leave(runs.map(({ ownership }) => ownership)).catch(() => {});
  }

  /** Tells the handlers of the batch in hand to give up, when there is no time to let them finish. */
  abort(): void {
    this.#abort.abort();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.wake();
  }

  delay(ms: number): void {
    this.#delayInMs = ms;
    for (const run of this.#owned.all) run.heldUntil = undefined;
    this.wake();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get delayInMs(): number {
    return this.#delayInMs;
  }

  status(): readonly PartitionStatus[] {
    return this.#owned.status();
  }

  waitInMs(): number {
    const leasesInMs = Math.max(1, this.#leases.nextAt - this.#parts.clock.now());
    if (this.#leases.isFailing) return leasesInMs;
    return Math.min(this.#settings.pollInMs, leasesInMs, this.dueInMs() ?? leasesInMs);
  }

  dueInMs(): number | undefined {
    // Told to pause, or until the store answers again, nothing can be done for what is due.
    if (this.#isPaused || this.#leases.isFailing) return undefined;
    const times = this.#owned.all.map(({ nextAt }) => nextAt).filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.max(1, Math.min(...times) - this.#parts.clock.now());
  }

  /** One turn after the other, whoever asks for them. */
  turn(): Promise<boolean> {
    const turned = this.#turning.then(() => this.#turn());
    this.#turning = turned;
    return turned;
  }

  async #turn(): Promise<boolean> {
    const { taken, left } = await this.#owned.renew(this.#leases);
    if (left.length > 0) await this.#feed.left?.(left).catch(() => {});
    if (this.#isPaused || this.#leases.isFailing) return taken > 0;
    const worked = await this.#work.turn(this.#delayInMs);
    return taken > 0 || worked;
  }
}

/** An observer that fails is its own business. */
function undisturbed(observe: SubscriptionObserver): SubscriptionObserver {
  return (notice) => {
    try {
      observe(notice);
    } catch {
      // Nobody is left to tell.
    }
  };
}
