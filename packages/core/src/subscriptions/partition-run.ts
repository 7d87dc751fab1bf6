import type { Checkpoint } from '../journal/checkpoint.js';
import type { Position } from '../partitions/position.js';
import { Backoff, type BackoffOptions } from './backoff.js';
import { type OwnedPartition, type Ownership, wholePartition } from './subscription-store.js';

/** What a runner knows of a partition while it owns it. Only the store is durable; this is made again from it. */
export class PartitionRun {
  ownership: Ownership;
  checkpoint: Checkpoint | undefined;
  /** The keys with parked messages. Only the owner changes gates, so this copy of them is exact while all goes well. */
  readonly gates = new Set<string>();
  readonly backoff: Backoff;
  /** False until the checkpoint was compared with the journal and gates and discards were loaded. */
  isPrepared = false;
  /** Why it does not go on, where nothing but a person can help. */
  stoppedBy: unknown;
  /** The fault that the present pause began or went on with. */
  pausedBy: unknown;
  /** When the next parked message is due, by the runner's clock; `undefined`: not asked yet, or none. */
  nextDueAt: number | undefined;
  /** When the youngest event that is held back may pass, by the runner's clock. */
  heldUntil: number | undefined;
  /** When its effects were last known to be all there, by the runner's clock. */
  wholeAt: number | undefined;
  /** The runner's signal, as one of this partition's own: many partitions listen at once, each on its own. */
  abortSignal: AbortSignal | undefined;
  readonly #discards = new Set<string>();

  constructor({ checkpoint, ...ownership }: OwnedPartition, backoff: BackoffOptions) {
    this.ownership = ownership;
    this.checkpoint = checkpoint;
    this.backoff = new Backoff(backoff);
  }

  get partition(): number {
    return this.ownership.partition;
  }

  get isStopped(): boolean {
    return this.stoppedBy !== undefined;
  }

  /** Whether entries may be read: nothing stands in the way of the whole partition. */
  get isOpen(): boolean {
    return this.isPrepared && !this.isStopped && !this.gates.has(wholePartition);
  }

  /** Forgets what was known: it is prepared again, from that checkpoint. */
  begin(checkpoint: Checkpoint | undefined): void {
    this.checkpoint = checkpoint;
    this.gates.clear();
    this.nextDueAt = undefined;
    this.heldUntil = undefined;
    this.wholeAt = undefined;
    this.isPrepared = false;
  }

  /** When it has something to do even if nobody wakes it, by the runner's clock. */
  get nextAt(): number | undefined {
    if (this.isStopped) return undefined;
    if (this.backoff.until > 0) return this.backoff.until;
    const times = [this.nextDueAt, this.isOpen ? this.heldUntil : undefined].filter(
      (time) => time !== undefined,
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  discard(key: string, position: Position): void {
    this.#discards.add(position + key);
  }

  isDiscarded(key: string, position: Position): boolean {
    // Asked for every event, and mostly there are none.
    return this.#discards.size > 0 && this.#discards.has(position + key);
  }
}
