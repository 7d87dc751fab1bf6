import type { Clock } from '../clock/clock.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { JournalInfo, JournalReader } from '../journal/journal-reader.js';
import { Rebuilds } from '../projections/rebuild/rebuilds.js';
import { type Staleness, stalenessOf } from '../projections/staleness.js';
import type { ParkedMessage, ParkedQuery } from '../subscriptions/parked-message.js';
import type { SubscriptionControl } from '../subscriptions/subscription-control.js';
import type {
  ParkedAddress,
  PartitionState,
  SubscriptionStore,
} from '../subscriptions/subscription-store.js';
import type { RunningSubscriptions } from './running-subscriptions.js';

export interface OperationsOptions {
  readonly subscriptions: SubscriptionStore;
  readonly reader: JournalReader;
  readonly clock: Clock;
  readonly partitions: number;
  readonly running: RunningSubscriptions;
  readonly rebuilds: Rebuilds;
  /** Whether the program has such a subscription, in whatever process and whether or not it has begun. */
  readonly isKnown: (subscription: string) => boolean;
}

/** What a journal holds. */
export interface JournalSize extends JournalInfo {
  /** Events and commands, over all partitions. */
  readonly entries: number;
}

/** What operators see and do. Everything but `control` works from any process on the same stores. */
export class Operations {
  readonly rebuilds: Rebuilds;
  readonly #options: OperationsOptions;

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.rebuilds = options.rebuilds;
  }

  /** The subscriptions that this process runs. */
  get subscriptions(): readonly string[] {
    return this.#options.running.all.map(({ name }) => name);
  }

  /** Which journal this is, and how much is in it. */
  async journal(): Promise<JournalSize> {
    const { reader, partitions } = this.#options;
    const whole = Array.from({ length: partitions }, (_, partition) => ({ partition, after: undefined }));
    const [info, backlog] = await Promise.all([reader.info(), reader.backlog(whole)]);
    return { ...info, entries: backlog.reduce((sum, { entries }) => sum + entries, 0) };
  }

  /** Owners, epochs, checkpoints and parked keys of a subscription, per partition. */
  state(subscription: string): Promise<readonly PartitionState[]> {
    return this.#options.subscriptions.state(subscription);
  }

  /**
   * How far a subscription is behind the journal. The name of a read model's first copy, which is the one that
   * `app.describe()` gives, stands for the copy that serves where that first one is not fed here: it goes some time after
   * a rebuild.
   * @throws ProgrammingError `subscription-unknown` for one that neither this program nor the store knows.
   */
  async staleness(subscription: string): Promise<Staleness> {
    const { running, isKnown } = this.#options;
    if (running.has(subscription)) return stalenessOf(subscription, this.#options);
    const serving = await this.rebuilds.servingSubscription(subscription);
    if (serving === undefined && !isKnown(subscription) && (await this.state(subscription)).length === 0) {
      throw new ProgrammingError('subscription-unknown', `There is no subscription '${subscription}'.`, {
        subscription,
      });
    }
    return stalenessOf(serving ?? subscription, this.#options);
  }

  /** Messages that could not be handled, and those that wait behind them. */
  parked(query: ParkedQuery = {}): Promise<readonly ParkedMessage[]> {
    return this.#options.subscriptions.listParked(query);
  }

  /** Runs the head of a parked key again, at its owner's next turn. */
  retry(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#options.subscriptions.requestRetry(at);
  }

  /** Drops the head of a parked key, at its owner's next turn; rebuilds pass it over too. */
  discard(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#options.subscriptions.requestDiscard(at);
  }

  /** @throws ProgrammingError `subscription-not-here` for one that another process runs. */
  control(subscription: string): SubscriptionControl {
    return this.#options.running.get(subscription);
  }
}
