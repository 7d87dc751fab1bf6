import { isDiptychError } from '../errors/diptych-error.js';
import { TimeLimitError } from '../errors/infrastructure-errors.js';

/**
 * The work, or a rejection as soon as the signal is aborted: with its reason where that is an error of ours, else
 * with a TimeLimitError. The work itself is not stopped; what it does later is nobody's concern.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(abortError(signal));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** @throws as `untilAborted` rejects, when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

function abortError(signal: AbortSignal): unknown {
  if (isDiptychError(signal.reason)) return signal.reason;
  return new TimeLimitError(
    'The message was given up while it was handled; it was rolled back and nothing was committed.',
  );
}
