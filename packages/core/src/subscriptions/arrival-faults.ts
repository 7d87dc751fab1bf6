import type { PartitionRun } from './partition-run.js';
import type { SubscriptionObserver } from './subscription-notice.js';

export interface ArrivalFaultsOptions {
  readonly subscription: string;
  readonly observe: SubscriptionObserver;
}

/**
 * Remembers which partitions cannot open their sessions, and says once that there are some, and once that there are
 * none any more. Nothing else shows it: the journal brings what the transport does not.
 */
export class ArrivalFaults {
  readonly #options: ArrivalFaultsOptions;
  readonly #failing = new Set<PartitionRun>();
  #isTold = false;

  constructor(options: ArrivalFaultsOptions) {
    this.#options = options;
  }

  failed(run: PartitionRun, error: unknown): void {
    this.#failing.add(run);
    if (this.#isTold) return;
    this.#isTold = true;
    const { subscription, observe } = this.#options;
    observe({ kind: 'arrivals-paused', subscription, error });
  }

  /** Its session is open, and answers. */
  worked(run: PartitionRun): void {
    this.#failing.delete(run);
    if (!this.#isTold || this.#failing.size > 0) return;
    this.#isTold = false;
    const { subscription, observe } = this.#options;
    observe({ kind: 'arrivals-resumed', subscription });
  }

  /** Whether its session could be opened is no business of this process any more. */
  left(run: PartitionRun): void {
    this.#failing.delete(run);
  }
}
