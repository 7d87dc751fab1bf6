import type { Clock } from '../../clock/clock.js';
import { within } from '../../clock/within.js';
import type { Logger } from '../../telemetry/logger.js';
import type { CacheMetrics } from './cache-metrics.js';
import type { AnswerClaim, KeepOptions, LookedUp, QueryCacheStore } from './query-cache-store.js';

export interface GuardedStoreOptions {
  readonly clock: Clock;
  readonly timeoutInMs: number;
  readonly metrics: CacheMetrics;
  readonly logger: Logger;
}

/** After so many faults in a row the store is left alone for a while, so that queries do not wait for it one by one. */
const faultsInARow = 3;
const leftAloneForMs = 1_000;

/** A store that costs a query no more than a stated time, and never an error. */
export class GuardedStore {
  readonly #store: QueryCacheStore;
  readonly #options: GuardedStoreOptions;
  #faults = 0;
  #leftAloneUntil = 0;

  constructor(store: QueryCacheStore, options: GuardedStoreOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** `undefined` where the store gave no answer in time. */
  look(key: string, claim?: AnswerClaim): Promise<LookedUp | undefined> {
    return this.#bounded(() => this.#store.look(key, claim));
  }

  async keep(key: string, text: string, options: KeepOptions): Promise<boolean> {
    return (await this.#bounded(() => this.#store.keep(key, text, options))) === true;
  }

  async release(key: string, token: string): Promise<void> {
    await this.#bounded(() => this.#store.release(key, token));
  }

  async #bounded<T>(call: () => Promise<T>): Promise<T | undefined> {
    const { clock, timeoutInMs, metrics } = this.#options;
    if (clock.now() < this.#leftAloneUntil) {
      metrics.storeFault('left-alone');
      return undefined;
    }
    try {
      const result = await within(clock, timeoutInMs, call());
      if (result === 'time-over') return this.#failed('slow', undefined);
      this.#faults = 0;
      return result as T;
    } catch (error) {
      return this.#failed('failed', error);
    }
  }

  #failed(fault: 'slow' | 'failed', error: unknown): undefined {
    const { clock, metrics, logger } = this.#options;
    metrics.storeFault(fault);
    this.#faults++;
    if (this.#faults < faultsInARow) return undefined;
    if (this.#faults === faultsInARow) logger.warn('query cache left alone', { fault, error });
    this.#leftAloneUntil = clock.now() + leftAloneForMs;
    return undefined;
  }
}
