import { isDiptychError } from '../errors/diptych-error.js';
import { TimeLimitError } from '../errors/infrastructure-errors.js';
import type { Abortable } from './abortable.js';

/**
 * The work, or a rejection as soon as the signal is aborted: with its reason where that is an error of ours, else
 * with a TimeLimitError. The work itself is not stopped; what it gives later goes to `late`, or is nobody's concern.
 */
export function untilAborted<T>(
  work: Promise<T>,
  signal: Abortable | undefined,
  late?: (result: T) => void,
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    let gaveUp = false;
    const giveUp = () => {
      gaveUp = true;
      reject(abortError(signal));
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    const stopListening = () => signal.removeEventListener('abort', giveUp);
    work.then(
      (result) => {
        stopListening();
        if (gaveUp) late?.(result);
        else resolve(result);
      },
      (error: unknown) => {
        stopListening();
        reject(error);
      },
    );
  });
}

/** @throws as `untilAborted` rejects, when the signal is aborted. */
export function throwIfAborted(signal: Abortable | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

function abortError(signal: Abortable): unknown {
  if (isDiptychError(signal.reason)) return signal.reason;
  return new TimeLimitError(
    'The message was given up while it was handled; it was rolled back and nothing was committed.',
  );
}
