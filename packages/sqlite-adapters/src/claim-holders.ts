import { type Clock, DiptychError, type InboxKey, type Release, sleep } from '@diptych/core';
import type { InboxId } from './sqlite-inbox.js';

/** Who of this process handles which command, so that a copy waits for that one and not for the writer in general. */
export class ClaimHolders {
  readonly #clock: Clock;
  readonly #holders = new Map<string, Promise<void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when this caller holds the key; the answer lets the next one have it.
   * @throws DiptychError `command-in-progress` after `waitInMs`.
   */
  async hold(key: InboxKey, waitInMs: number): Promise<Release> {
    const id = idOf(key);
    const giveUpAt = this.#clock.now() + waitInMs;
    for (let holder = this.#holders.get(id); holder !== undefined; holder = this.#holders.get(id)) {
      await this.#waitFor(holder, giveUpAt, key);
    }
    let wake = () => {};
    const held = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#holders.set(id, held);
    return () => {
      if (this.#holders.get(id) === held) this.#holders.delete(id);
      wake();
    };
  }

  async #waitFor(holder: Promise<void>, giveUpAt: number, key: InboxKey): Promise<void> {
    const stop = new AbortController();
    const timeOver = sleep(this.#clock, giveUpAt - this.#clock.now(), stop.signal).then(
      () => 'time-over' as const,
    );
    const first = await Promise.race([holder, timeOver]);
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

function idOf({ tenant, handler, scope, id }: InboxId): string {
  return JSON.stringify([tenant, handler, scope, id]);
}
