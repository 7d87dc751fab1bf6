import { DiptychError, type DiptychErrorOptions } from './diptych-error.js';
import { ProgrammingError } from './programming-errors.js';

/** Codes that decide what happens next wherever they are met: a refusal under one would be tried again, say. */
const reservedCodes: ReadonlySet<string> = new Set([
  'aborted',
  'command-in-progress',
  'concurrency-conflict',
  'fenced',
  'forbidden',
  'idempotency-mismatch',
  'invalid-message',
  'outcome-unknown',
  'time-limit',
  'unavailable',
]);

/**
 * A refusal by the domain: the message was understood, and the answer is no. Handlers throw it. It rolls the
 * unit of work back, reaches the caller as it is, and never parks a queued command.
 */
export class RefusedError extends DiptychError {
  /** @throws ProgrammingError `code-reserved` for a code by which the framework decides what happens next. */
  constructor(code: string, message: string, options: Pick<DiptychErrorOptions, 'details' | 'cause'> = {}) {
    if (reservedCodes.has(code)) {
      throw new ProgrammingError(
        'code-reserved',
        `'${code}' is a code of Diptych's own, and no refusal can have it: choose one of the domain.`,
        { code },
      );
    }
    super({ code, message, ...options });
  }
}

/** Another unit of work changed the stream first. Running the handler again on fresh state may succeed. */
export class ConcurrencyConflictError extends DiptychError {
  constructor(message: string, details: Readonly<Record<string, unknown>>, cause?: unknown) {
    super({ code: 'concurrency-conflict', message, retryable: true, details, cause });
  }
}

/** A policy refused the subject, or there was none. */
export class ForbiddenError extends DiptychError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super({ code: 'forbidden', message, details });
  }
}
