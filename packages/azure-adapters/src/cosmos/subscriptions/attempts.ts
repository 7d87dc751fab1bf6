import { ConcurrencyConflictError } from '@diptych/core';

/** Others were faster: somebody goes on each time, so many are enough for very many writers. */
const mostAttempts = 50;
/** Answers that got lost, one after another. */
const mostUnknown = 3;

export interface Attempt {
  /** It was not written, or, with a cause, nobody knows. @throws the cause, when that has happened too often. */
  failed(cause?: unknown): void;
}

/**
 * Attempts to write what others may be changing, until the loop is left. Each begins with looking how things are.
 * @throws ConcurrencyConflictError when none of them came first.
 */
export function* attempts(what: string): Generator<Attempt, never> {
  let unknown = 0;
  const attempt: Attempt = {
    failed(cause) {
      if (cause !== undefined && ++unknown === mostUnknown) throw cause;
    },
  };
  for (let at = 0; at < mostAttempts; at++) yield attempt;
  throw new ConcurrencyConflictError(`${what} changed before each of ${mostAttempts} attempts to write.`, {});
}
