import type { Clock } from '../clock/clock.js';
import { type Consistency, type ConsistencyToken, parseConsistency } from '../journal/consistency-token.js';
import type { JournalReader } from '../journal/journal-reader.js';
import type { Position } from '../partitions/position.js';
import type { PartitionState, SubscriptionStore } from '../subscriptions/subscription-store.js';
import { BeyondHeadError, ForeignConsistencyError, FreshnessTimeoutError } from './freshness-errors.js';
import { FreshnessWatch } from './freshness-watch.js';
import { stateOf } from './progress.js';

export interface FreshnessOptions {
  readonly subscriptions: SubscriptionStore;
  readonly reader: JournalReader;
  readonly clock: Clock;
  /** How often to look where changes cannot be heard of, in milliseconds. Default 100. */
  readonly pollInMs?: number | undefined;
  /** How many queries may wait for one subscription. Default 1,000. */
  readonly maxWaiting?: number | undefined;
}

export interface WaitOptions {
  /** Default 5,000. */
  readonly timeoutInMs?: number | undefined;
  /** Ends the wait, with the signal's reason. */
  readonly abortSignal?: AbortSignal | undefined;
}

/** How far read models have come together: what lies at or below is in all of them. */
export interface Reached {
  readonly incarnation: string;
  /** By partition. One where something is parked is left out: not all of it is there. */
  readonly positions: ReadonlyMap<number, Position>;
  /** Of the checkpoints of each subscription. */
  readonly evidence: Evidence;
}

/** By subscription: what the stores of its effects want to be shown by whoever reads behind its checkpoints. */
export type Evidence = ReadonlyMap<string, readonly string[]>;

export const defaultFreshnessTimeoutInMs = 5_000;

const incarnationKnownForMs = 1_000;

// Sorts before every position.
const nowhere = '' as Position;

/** Lets queries wait until what a command wrote has come to the read models that they read. */
export class Freshness {
  readonly #options: FreshnessOptions;
  readonly #watches = new Map<string, FreshnessWatch>();
  #journal: { readonly incarnation: string; readonly until: number } | undefined;

  constructor(options: FreshnessOptions) {
    this.#options = options;
  }

  /**
   * Resolves once these subscriptions have handled everything in the token, with the evidence of the checkpoints that
   * say so, for each.
   * @throws ForeignConsistencyError, BeyondHeadError at once; ParkedInRangeError as soon as an event in it waits
   *   for an operator; FreshnessTimeoutError; TooManyWaitingError; DiptychError `invalid-consistency`.
   */
  async waitUntil(
    subscriptions: readonly string[],
    token: ConsistencyToken,
    options: WaitOptions = {},
  ): Promise<Evidence> {
    const consistency = parseConsistency(token);
    const { timeoutInMs = defaultFreshnessTimeoutInMs, abortSignal } = options;
    if (subscriptions.length === 0) await this.#requireIncarnation(consistency);
    const found = await Promise.all(
      subscriptions.map(async (subscription) => {
        return [subscription, await this.#wait(subscription, consistency, timeoutInMs, abortSignal)] as const;
      }),
    );
    return new Map(found);
  }

  /** How far these subscriptions have come, all of them. */
  async reached(subscriptions: readonly string[]): Promise<Reached> {
    const { reader, subscriptions: store } = this.#options;
    const [{ incarnation, partitions }, ...all] = await Promise.all([
      reader.info(),
      ...subscriptions.map((subscription) => store.state(subscription)),
    ]);
    const positions = new Map<number, Position>();
    for (let partition = 0; partition < partitions; partition++) {
      const [least] = all.map((states) => wholeUpTo(states, partition) ?? nowhere).sort();
      if (least !== undefined && least !== nowhere) positions.set(partition, least);
    }
    const evidence = new Map(
      subscriptions.map((subscription, at) => [subscription, evidenceIn(all[at] ?? [])]),
    );
    return { incarnation, positions, evidence };
  }

  /** Asked of the journal once in a while, and again before a token is refused: it hardly ever changes. */
  async #requireIncarnation({ incarnation }: Consistency): Promise<void> {
    const { clock } = this.#options;
    const known = this.#journal;
    if (known?.incarnation === incarnation && clock.now() < known.until) return;
    const until = clock.now() + incarnationKnownForMs;
    const info = await this.#options.reader.info();
    this.#journal = { incarnation: info.incarnation, until };
    if (info.incarnation !== incarnation) throw new ForeignConsistencyError(incarnation, info.incarnation);
  }

  /** A position that a checkpoint has passed is in the journal; whether another one is, the journal must say. */
  async #requireWithinHead({ ranges }: Consistency): Promise<void> {
    const heads = await this.#options.reader.heads();
    for (const { partition, last } of ranges) {
      const head = heads.get(partition);
      if (head === undefined || head < last) throw new BeyondHeadError(partition);
    }
  }

  async #wait(
    subscription: string,
    consistency: Consistency,
    timeoutInMs: number,
    abortSignal: AbortSignal | undefined,
  ): Promise<readonly string[]> {
    const controller = new AbortController();
    const abort = () => controller.abort(abortSignal?.reason);
    if (abortSignal?.aborted) abort();
    abortSignal?.addEventListener('abort', abort, { once: true });
    const cancel = this.#options.clock.after(timeoutInMs, () =>
      controller.abort(new FreshnessTimeoutError(subscription, timeoutInMs)),
    );
    try {
      await orAborted(this.#requireIncarnation(consistency), controller.signal);
      return await this.#watch(subscription).wait(consistency.ranges, controller.signal, () => {
        this.#requireWithinHead(consistency).catch((error: unknown) => controller.abort(error));
      });
    } finally {
      cancel();
      abortSignal?.removeEventListener('abort', abort);
    }
  }

  #watch(subscription: string): FreshnessWatch {
    const known = this.#watches.get(subscription);
    if (known !== undefined) return known;
    const { subscriptions: store, clock, pollInMs = 100, maxWaiting = 1_000 } = this.#options;
    const watch = new FreshnessWatch({ subscription, store, clock, pollInMs, maxWaiting });
    // One for each subscription of this program's versions and generations: a handful, so none is taken away.
    this.#watches.set(subscription, watch);
    return watch;
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject);
  });
}

function wholeUpTo(states: readonly PartitionState[], partition: number): Position | undefined {
  const state = stateOf(states, partition);
  return state === undefined || state.parkedKeys > 0 ? undefined : state.checkpoint?.position;
}

function evidenceIn(states: readonly PartitionState[]): readonly string[] {
  return [...new Set(states.flatMap(({ checkpoint }) => checkpoint?.evidence ?? []))];
}
