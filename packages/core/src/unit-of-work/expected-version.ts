import { ConcurrencyConflictError } from '../errors/domain-errors.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { StreamId } from './stream-id.js';
import type { ExpectedVersion } from './write-batch.js';

/** @throws ConcurrencyConflictError when a stream that is at `actual` (0: not there) is not as expected. */
export function assertExpectedVersion(stream: StreamId, expected: ExpectedVersion, actual: number): void {
  if (isMet(expected, actual)) return;
  const wanted = typeof expected === 'number' ? `version ${expected}` : `'${expected}'`;
  throw new ConcurrencyConflictError(
    `Stream '${stream.name}' is at version ${actual}; the append expected ${wanted}.`,
    {
      tenant: stream.tenant,
      stream: stream.name,
      expectedVersion: expected,
      actualVersion: actual,
    },
  );
}

/** @throws ProgrammingError `invalid-expected-version` for a number that no stream can have as its version. */
export function assertExpectation(expected: ExpectedVersion): void {
  if (typeof expected !== 'number' || (Number.isSafeInteger(expected) && expected >= 0)) return;
  throw new ProgrammingError('invalid-expected-version', `A stream is never at version ${expected}.`);
}

function isMet(expected: ExpectedVersion, actual: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'none') return actual === 0;
  if (expected === 'exists') return actual > 0;
  return actual === expected;
}
