export interface BackoffOptions {
  /** The first pause. Default 100 ms. */
  readonly firstInMs?: number | undefined;
  /** No pause is longer. Default 30,000 ms. */
  readonly mostInMs?: number | undefined;
}

/** Pauses that double with each failure in a row, and are forgotten after a success. */
export class Backoff {
  readonly #firstInMs: number;
  readonly #mostInMs: number;
  #failures = 0;
  #until = 0;

  constructor({ firstInMs = 100, mostInMs = 30_000 }: BackoffOptions = {}) {
    this.#firstInMs = firstInMs;
    this.#mostInMs = mostInMs;
  }

  /** Notes a failure. True when it is the first in a row. */
  failed(now: number): boolean {
    this.#until = now + Math.min(this.#mostInMs, this.#firstInMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return this.#failures === 1;
  }

  /** Notes a success. True when it ended a row of failures. */
  succeeded(): boolean {
    const ended = this.#failures > 0;
    this.#failures = 0;
    this.#until = 0;
    return ended;
  }

  /** When it may be tried again; 0 when nothing failed. */
  get until(): number {
    return this.#until;
  }
}
