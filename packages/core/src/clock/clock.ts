/**
 * Where time comes from. Everything of Diptych that waits, waits through this port, so that a test can turn
 * the hands itself. Due times, leases and expiries of a store use the store's own clock instead.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `callback` once, `delayInMs` from now. The returned function cancels it. */
  after(delayInMs: number, callback: () => void, options?: TimerOptions): () => void;
}

export interface TimerOptions {
  /**
   * True for a look now and then at what may have changed, where nothing is known to be due. A test clock that is
   * moved far ahead may make many of them one. Default false.
   */
  readonly isPoll?: boolean | undefined;
  /**
   * True where somebody waits for nothing else: a pause before a retry, say, and not a limit or a poll. A test clock
   * may count them. Default false.
   */
  readonly isWait?: boolean | undefined;
  /** True for a timer that should not keep the process alive when nothing else does. Default false. */
  readonly background?: boolean | undefined;
}

/** Resolves `delayInMs` from now by that clock, or at once when the signal is aborted. Never rejects. */
export function sleep(clock: Clock, delayInMs: number, abortSignal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (abortSignal?.aborted) return resolve();
    const done = () => {
      cancel();
      abortSignal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayInMs, done, { isWait: true });
    abortSignal?.addEventListener('abort', done, { once: true });
  });
}
