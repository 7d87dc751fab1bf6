import { type Clock, sleep } from '../clock/clock.js';
import { DiptychError } from '../errors/diptych-error.js';
import type { InboxKey } from './inbox.js';
import type { Release } from './writer-queue.js';

/**
 * For stores: who of this process handles which command, so that a copy waits for that one, and not for a writer in
 * general or with a connection in its hand.
 */
export class ClaimHolders {
  readonly #clock: Clock;
  /** By key, whom to wake when it is free again. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Holds the key if it is free; the answer lets the next one have it. */
  tryHold(key: InboxKey): Release | undefined {
    const id = idOf(key);
    return this.#waiting.has(id) ? undefined : this.#take(id);
  }

  /**
   * Resolves when this caller holds the key.
   * @throws DiptychError `command-in-progress` after `waitInMs`.
   */
  async hold(key: InboxKey, waitInMs: number): Promise<Release> {
    const id = idOf(key);
    const giveUpAt = this.#clock.now() + waitInMs;
    for (let waiting = this.#waiting.get(id); waiting !== undefined; waiting = this.#waiting.get(id)) {
      await this.#waitAmong(waiting, giveUpAt, key);
    }
    return this.#take(id);
  }

  #take(id: string): Release {
    const waiting: (() => void)[] = [];
    this.#waiting.set(id, waiting);
    return () => {
      if (this.#waiting.get(id) === waiting) this.#waiting.delete(id);
      for (const wake of waiting.splice(0)) wake();
    };
  }

  async #waitAmong(waiting: (() => void)[], giveUpAt: number, key: InboxKey): Promise<void> {
    const stop = new AbortController();
    const woken = new Promise<void>((resolve) => waiting.push(resolve));
    const timeOver = sleep(this.#clock, giveUpAt - this.#clock.now(), stop.signal).then(
      () => 'time-over' as const,
    );
    const first = await Promise.race([woken, timeOver]);
    stop.abort();
    if (first !== 'time-over') return;
    throw new DiptychError({
      code: 'command-in-progress',
      message: `'${key.id}' is being handled by another unit of work.`,
      retryable: true,
      details: { handler: key.handler, id: key.id },
    });
  }
}

function idOf({ tenant, handler, scope, id }: InboxKey): string {
  return JSON.stringify([tenant, handler, scope, id]);
}
