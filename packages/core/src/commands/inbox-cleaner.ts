import type { Clock } from '../clock/clock.js';
import type { Pump } from '../subscriptions/pump.js';
import type { WriteStore } from '../unit-of-work/write-store.js';

export interface InboxCleanerOptions {
  readonly writeStore: Pick<WriteStore, 'forgetSettled'>;
  readonly clock: Clock;
  /** Whether it is for this process to clean: where several do, they only come into each other's way. */
  readonly isElected: () => boolean;
  /** Told when the write store fails. */
  readonly observe?: ((error: unknown) => void) | undefined;
}

const cleanEveryMs = 60 * 60 * 1_000;
/** How often a process that is not elected looks whether it is now, in milliseconds. */
const lookEveryMs = 60 * 1_000;
const marksAtOnce = 1_000;

/** Takes away what the inbox need not remember any more: without it, each command and event would leave a mark for ever. */
export class InboxCleaner implements Pump {
  readonly name = 'inbox';
  readonly #options: InboxCleanerOptions;
  #cleanAt = 0;
  #turning: Promise<unknown> = Promise.resolve();

  constructor(options: InboxCleanerOptions) {
    this.#options = options;
  }

  turn(): Promise<boolean> {
    const turned = this.#turning.then(() => this.#turn());
    this.#turning = turned;
    return turned;
  }

  waitInMs(): number {
    return Math.max(1, this.#cleanAt - this.#options.clock.now());
  }

  async stop(): Promise<void> {
    await this.#turning;
  }

  async #turn(): Promise<boolean> {
    const { writeStore, clock, isElected, observe } = this.#options;
    if (clock.now() < this.#cleanAt) return false;
    if (!isElected()) {
      this.#cleanAt = clock.now() + lookEveryMs;
      return false;
    }
    this.#cleanAt = clock.now() + cleanEveryMs;
    try {
      const forgotten = await writeStore.forgetSettled(marksAtOnce);
      // Where there were as many as asked for, there are more.
      if (forgotten >= marksAtOnce) this.#cleanAt = clock.now();
      return forgotten > 0;
    } catch (error) {
      observe?.(error);
      return false;
    }
  }
}
