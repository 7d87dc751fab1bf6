import type { Clock } from '@diptych/core';

export interface OperationsFeedOptions<Snapshot> {
  readonly clock: Clock;
  readonly take: () => Promise<Snapshot>;
  /** How often it is taken while somebody watches, in milliseconds. Default 1,000. */
  readonly everyInMs?: number;
}

/** Takes snapshots while somebody watches: one for all who do, and none when nobody does. */
export class OperationsFeed<Snapshot> {
  readonly #options: OperationsFeedOptions<Snapshot>;
  readonly #waiting = new Set<() => void>();
  #latest: Promise<Snapshot> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(options: OperationsFeedOptions<Snapshot>) {
    this.#options = options;
  }

  /** Something was changed: everybody gets a new one at once. */
  hurry(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#latest = undefined;
    for (const goOn of [...this.#waiting]) goOn();
  }

  /** One now, and then one after the other, until the signal is aborted. */
  async *watch(abortSignal: AbortSignal): AsyncGenerator<Snapshot> {
    while (!abortSignal.aborted) {
      yield await this.#snapshot();
      await this.#next(abortSignal);
    }
  }

  // Whoever comes between two of them gets the one that the others have.
  #snapshot(): Promise<Snapshot> {
    if (this.#stopTimer === undefined) this.#latest = undefined;
    this.#latest ??= this.#options.take();
    const { clock, everyInMs = 1_000 } = this.#options;
    this.#stopTimer ??= clock.after(everyInMs, () => this.hurry(), { background: true });
    return this.#latest;
  }

  #next(abortSignal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        this.#waiting.delete(goOn);
        abortSignal.removeEventListener('abort', goOn);
        resolve();
      };
      this.#waiting.add(goOn);
      abortSignal.addEventListener('abort', goOn, { once: true });
      // Without a timer the next one is due already: it came while the last one was being sent.
      if (abortSignal.aborted || this.#stopTimer === undefined) goOn();
    });
  }
}
