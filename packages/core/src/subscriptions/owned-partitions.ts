import { isDiptychError } from '../errors/diptych-error.js';
import type { BackoffOptions } from './backoff.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { PartitionRun } from './partition-run.js';
import type { PartitionStatus } from './subscription-control.js';
import type { SubscriptionNotice } from './subscription-notice.js';
import type { SubscriptionParts } from './subscription-parts.js';
import { type OwnedPartition, wholePartition } from './subscription-store.js';

/** The partitions that a runner owns at the moment, and what befalls each of them. */
export class OwnedPartitions {
  readonly #parts: SubscriptionParts;
  readonly #backoff: BackoffOptions;
  readonly #onLost: () => void;
  #runs = new Map<number, PartitionRun>();
  /** Lost since the last renewal: whoever feeds them does not know yet. */
  #lostRuns: PartitionRun[] = [];

  /** `onLost` is called when a write was fenced: who owns what must be asked again. */
  constructor(parts: SubscriptionParts, backoff: BackoffOptions, onLost: () => void) {
    this.#parts = parts;
    this.#backoff = backoff;
    this.#onLost = onLost;
  }

  get all(): readonly PartitionRun[] {
    return [...this.#runs.values()];
  }

  /** Those that may go on now: neither stopped nor in a pause. */
  get runnable(): readonly PartitionRun[] {
    const now = this.#parts.clock.now();
    return this.all.filter(({ isStopped, backoff }) => !isStopped && backoff.until <= now);
  }

  /** Takes over what the store says is owned, once it is time to ask. Answers what was taken and what was left. */
  async renew(
    leases: LeaseKeeper,
  ): Promise<{ readonly taken: number; readonly left: readonly PartitionRun[] }> {
    const owned = await leases.renew();
    const lost = this.#lostRuns.splice(0);
    if (owned === undefined) return { taken: 0, left: lost };
    const before = this.#runs;
    this.#runs = new Map(
      owned.map((one) => [one.partition, this.#continued(before.get(one.partition), one)]),
    );
    const left = [...before.values()].filter((run) => this.#runs.get(run.partition) !== run);
    const taken = this.all.filter((run) => before.get(run.partition) !== run);
    for (const run of left) this.#notice(run, { kind: 'partition-left', reason: 'released' });
    for (const run of taken) this.#notice(run, { kind: 'partition-taken', epoch: run.ownership.epoch });
    return { taken: taken.length, left: [...left, ...lost] };
  }

  /** Does a step for several at once; a fault of one is nothing to the others. Answers those that went well. */
  async each<T>(
    runs: readonly PartitionRun[],
    step: (run: PartitionRun) => Promise<T>,
  ): Promise<readonly (readonly [PartitionRun, T])[]> {
    const results = await Promise.all(
      runs.map(async (run) => {
        try {
          return [run, await step(run)] as const;
        } catch (error) {
          this.failed(run, error);
          return undefined;
        }
      }),
    );
    return results.filter((result) => result !== undefined);
  }

  failed(run: PartitionRun, error: unknown): void {
    if (isDiptychError(error, 'fenced')) this.#lost(run);
    else if (isDiptychError(error, 'journal-restored')) this.#stop(run, error);
    else this.#pause(run, error);
  }

  /** A turn went by for these without a fault, unless they are in a pause by now. */
  wentWell(runs: readonly PartitionRun[]): void {
    const now = this.#parts.clock.now();
    for (const run of runs) {
      if (run.isStopped || run.backoff.until > now || !run.backoff.succeeded()) continue;
      run.pausedBy = undefined;
      this.#notice(run, { kind: 'partition-resumed' });
    }
  }

  /** Forgets all of them, and answers what they were. */
  clear(): readonly PartitionRun[] {
    const runs = this.all;
    this.#runs.clear();
    for (const run of runs) this.#notice(run, { kind: 'partition-left', reason: 'released' });
    return [...runs, ...this.#lostRuns.splice(0)];
  }

  status(): readonly PartitionStatus[] {
    return this.all.map((run) => ({
      partition: run.partition,
      state:
        run.isStopped || run.gates.has(wholePartition)
          ? 'stopped'
          : run.backoff.until > 0
            ? 'paused'
            : 'running',
      error: run.stoppedBy ?? run.pausedBy,
      checkpoint: run.checkpoint,
      parkedKeys: run.gates.size,
    }));
  }

  #continued(run: PartitionRun | undefined, owned: OwnedPartition): PartitionRun {
    return run?.ownership.epoch === owned.epoch ? run : new PartitionRun(owned, this.#backoff);
  }

  // A write whose answer was lost may have gone through, so what is remembered of the store is read again.
  #pause(run: PartitionRun, error: unknown): void {
    run.pausedBy = error;
    run.begin(run.checkpoint);
    const isNew = run.backoff.failed(this.#parts.clock.now());
    if (isNew) this.#notice(run, { kind: 'partition-paused', error });
  }

  #stop(run: PartitionRun, error: unknown): void {
    run.stoppedBy = error;
    this.#notice(run, { kind: 'partition-stopped', error });
  }

  #lost(run: PartitionRun): void {
    if (this.#runs.get(run.partition) !== run) return;
    this.#runs.delete(run.partition);
    this.#lostRuns.push(run);
    this.#onLost();
    this.#notice(run, { kind: 'partition-left', reason: 'lost' });
  }

  #notice(run: PartitionRun, notice: PartitionNotice): void {
    const { observe, subscription } = this.#parts;
    observe({ subscription, partition: run.partition, ...notice } as SubscriptionNotice);
  }
}

type PartitionNotice =
  | { readonly kind: 'partition-taken'; readonly epoch: number }
  | { readonly kind: 'partition-left'; readonly reason: 'released' | 'lost' }
  | { readonly kind: 'partition-paused' | 'partition-stopped'; readonly error: unknown }
  | { readonly kind: 'partition-resumed' };
