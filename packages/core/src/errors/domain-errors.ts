import { DiptychError, type DiptychErrorOptions } from './diptych-error.js';

/**
 * A refusal by the domain: the message was understood, and the answer is no. Handlers throw it. It rolls the
 * unit of work back, reaches the caller as it is, and never parks a queued command.
 */
export class RefusedError extends DiptychError {
  constructor(code: string, message: string, options: Pick<DiptychErrorOptions, 'details' | 'cause'> = {}) {
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
