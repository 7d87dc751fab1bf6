import type { Clock } from '../clock/clock.js';
import type { WrittenRange } from '../journal/consistency-token.js';
import type { ParkedMessage } from '../subscriptions/parked-message.js';
import { globalPartition, type SubscriptionStore } from '../subscriptions/subscription-store.js';
import { FreshnessTimeoutError, ParkedInRangeError, TooManyWaitingError } from './freshness-errors.js';
import { evidenceOn, needsParked, verdictOn } from './freshness-verdict.js';

interface Waiter {
  readonly ranges: readonly WrittenRange[];
  readonly settle: (error: unknown, evidence?: readonly string[]) => void;
  /** What it waits for has failed, and is tried again by itself. */
  delayedBy: ParkedMessage | undefined;
  /** Called at the first look that does not find everything. */
  onPending: (() => void) | undefined;
}

export interface FreshnessWatchOptions {
  readonly subscription: string;
  readonly store: SubscriptionStore;
  readonly clock: Clock;
  readonly pollInMs: number;
  readonly maxWaiting: number;
}

/** All queries that wait for one subscription: one look at the store serves them all. It looks only while some wait. */
export class FreshnessWatch {
  readonly #options: FreshnessWatchOptions;
  readonly #waiters = new Set<Waiter>();
  #isWatching = false;
  #isAskedAgain = false;
  #wake: (() => void) | undefined;
  #isGlobal: boolean | undefined;

  constructor(options: FreshnessWatchOptions) {
    this.#options = options;
  }

  /**
   * Resolves once everything in the ranges is in the read model, with the evidence of the checkpoints that say so; the
   * signal ends the wait with its reason. `onPending` is called once, if it is not all there at the first look.
   * @throws ParkedInRangeError, TooManyWaitingError.
   */
  wait(
    ranges: readonly WrittenRange[],
    signal: AbortSignal,
    onPending: () => void = () => {},
  ): Promise<readonly string[]> {
    const { subscription, maxWaiting } = this.#options;
    if (this.#waiters.size >= maxWaiting)
      return Promise.reject(new TooManyWaitingError(subscription, maxWaiting));
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const end: Waiter['settle'] = (error, evidence = []) => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', giveUp);
        if (error === undefined) resolve(evidence);
        else reject(error);
        if (this.#waiters.size === 0) this.#wake?.();
      };
      const giveUp = () => end(withCause(signal.reason, waiter.delayedBy));
      const waiter: Waiter = { ranges, settle: end, delayedBy: undefined, onPending };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiters.add(waiter);
      this.#ask();
    });
  }

  #ask(): void {
    this.#isAskedAgain = true;
    this.#wake?.();
    if (!this.#isWatching) void this.#watch();
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    const { store, subscription } = this.#options;
    const unhear = store.onChange?.((changed) => {
      if (changed === subscription) this.#ask();
    });
    while (this.#waiters.size > 0) {
      this.#isAskedAgain = false;
      // A store that cannot be reached is no verdict: the waiters' own time limits end the wait.
      await this.#look().catch(() => undefined);
      if (this.#waiters.size > 0 && !this.#isAskedAgain) await this.#pause();
    }
    unhear?.();
    this.#isWatching = false;
  }

  async #look(): Promise<void> {
    const { store, subscription } = this.#options;
    const waiters = [...this.#waiters];
    const states = await store.state(subscription, this.#partitionsOf(waiters));
    this.#isGlobal ??=
      states.length === 0 ? undefined : states.some(({ partition }) => partition === globalPartition);
    const isParked = waiters.some(({ ranges }) => needsParked(states, ranges));
    const parked = isParked ? await store.listParked({ subscription }) : [];
    for (const waiter of waiters) {
      const verdict = verdictOn(waiter.ranges, states, parked);
      if (verdict.state === 'fresh') waiter.settle(undefined, evidenceOn(waiter.ranges, states));
      else if (verdict.state === 'pending') stillWaits(waiter, verdict.delayedBy);
      else waiter.settle(new ParkedInRangeError(subscription, verdict.message));
    }
  }

  /** Only those that somebody waits for; all of them until it is known how the subscription is divided. */
  #partitionsOf(waiters: readonly Waiter[]): readonly number[] | undefined {
    if (this.#isGlobal === undefined) return undefined;
    if (this.#isGlobal) return [globalPartition];
    return [...new Set(waiters.flatMap(({ ranges }) => ranges.map(({ partition }) => partition)))];
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#wake = undefined;
        cancel();
        resolve();
      };
      const cancel = this.#options.clock.after(this.#options.pollInMs, done);
      this.#wake = done;
    });
  }
}

function stillWaits(waiter: Waiter, delayedBy: ParkedMessage | undefined): void {
  waiter.delayedBy = delayedBy;
  waiter.onPending?.();
  waiter.onPending = undefined;
}

/** A time-out says why, where that is known: a failing fold is no slow one. */
function withCause(reason: unknown, delayedBy: ParkedMessage | undefined): unknown {
  return reason instanceof FreshnessTimeoutError && delayedBy !== undefined
    ? reason.because(delayedBy)
    : reason;
}
