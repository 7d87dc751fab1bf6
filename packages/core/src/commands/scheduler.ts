import type { Clock } from '../clock/clock.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { Backoff } from '../subscriptions/backoff.js';
import { type Pump, PumpLoop } from '../subscriptions/pump.js';
import type { WriteStore } from '../unit-of-work/write-store.js';

export interface SchedulerOptions {
  readonly writeStore: WriteStore;
  /** Tells of commits in this process, where it can. */
  readonly reader: Pick<JournalReader, 'onCommit'>;
  /** The partitions whose commands this process runs: `status()` of the subscription `commands`. */
  readonly owned: () => readonly number[];
  readonly clock: Clock;
  /** How long a schedule by another process may go unseen. Default 1,000 ms. */
  readonly pollInMs?: number | undefined;
  /** Told when the write store fails, once per outage. */
  readonly observe?: ((error: unknown) => void) | undefined;
}

const commandsPerMove = 100;

/** Moves scheduled commands into the journal when they are due, for the partitions that this process owns. */
export class Scheduler implements Pump {
  readonly name = 'schedule';
  readonly #options: SchedulerOptions;
  readonly #loop: PumpLoop;
  readonly #pollInMs: number;
  readonly #backoff = new Backoff();
  /** When each partition is looked at next, by the clock of the process. */
  readonly #lookAt = new Map<number, number>();
  /** When the first command of each partition is due, as far as is known. */
  readonly #dueAt = new Map<number, number>();
  readonly #unhear: (() => void) | undefined;
  #turning: Promise<unknown> = Promise.resolve();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#pollInMs = options.pollInMs ?? 1_000;
    this.#loop = new PumpLoop(this, options.clock);
    this.#unhear = options.reader.onCommit?.((partitions) => {
      for (const partition of partitions) this.#lookAt.delete(partition);
      this.#loop.wake();
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unhear?.();
    await this.#loop.stop();
    await this.#turning;
  }

  /** There may be work: the loop turns at once. */
  wake(): void {
    this.#loop.wake();
  }

  turn(): Promise<boolean> {
    const turned = this.#turning.then(() => this.#turn());
    this.#turning = turned;
    return turned;
  }

  waitInMs(): number {
    const now = this.#options.clock.now();
    const next = Math.min(now + this.#pollInMs, ...this.#lookAt.values());
    return Math.max(1, next - now, this.#backoff.until - now);
  }

  dueInMs(): number | undefined {
    const now = this.#options.clock.now();
    const next = Math.min(...this.#dueAt.values());
    return next === Number.POSITIVE_INFINITY ? undefined : Math.max(1, next - now, this.#backoff.until - now);
  }

  async #turn(): Promise<boolean> {
    const { clock, owned, observe } = this.#options;
    if (clock.now() < this.#backoff.until) return false;
    const partitions = owned();
    for (const known of [this.#lookAt, this.#dueAt]) {
      for (const partition of known.keys()) if (!partitions.includes(partition)) known.delete(partition);
    }
    const due = partitions.filter((partition) => (this.#lookAt.get(partition) ?? 0) <= clock.now());
    try {
      const moved = await Promise.all(due.map((partition) => this.#move(partition)));
      this.#backoff.succeeded();
      return moved.some((count) => count > 0);
    } catch (error) {
      if (this.#backoff.failed(clock.now())) observe?.(error);
      return false;
    }
  }

  async #move(partition: number): Promise<number> {
    const { clock, writeStore } = this.#options;
    const asked = clock.now();
    // Set before the answer: what is committed meanwhile is looked at again.
    this.#lookAt.set(partition, asked + this.#pollInMs);
    const { moved, nextInMs } = await writeStore.moveDue(partition, commandsPerMove);
    if (nextInMs === undefined) this.#dueAt.delete(partition);
    else this.#dueAt.set(partition, asked + nextInMs);
    const looksAgainAt = this.#lookAt.get(partition);
    if (looksAgainAt !== undefined && nextInMs !== undefined) {
      this.#lookAt.set(partition, Math.min(looksAgainAt, asked + nextInMs));
    }
    return moved;
  }
}
