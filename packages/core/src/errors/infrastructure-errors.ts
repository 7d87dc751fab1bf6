import { DiptychError } from './diptych-error.js';

/** A store or transport failed or could not be reached. Nothing is known to have happened. */
export class UnavailableError extends DiptychError {
  constructor(message: string, cause?: unknown) {
    super({ code: 'unavailable', message, retryable: true, origin: 'infrastructure', cause });
  }
}

/** The final batch was sent and no answer came: it may have been committed. Ask again under the same id. */
export class OutcomeUnknownError extends DiptychError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super({ code: 'outcome-unknown', message, retryable: true, origin: 'infrastructure', details, cause });
  }
}

/** The time that the caller or the configuration allows is over, and nothing was committed. */
export class TimeLimitError extends DiptychError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super({ code: 'time-limit', message, retryable: true, origin: 'infrastructure', details });
  }
}

/** Another owner has taken the partition since: what this one wanted to write was not written. */
export class FencedError extends DiptychError {
  constructor(subscription: string, partition: number) {
    super({
      code: 'fenced',
      message: `Partition ${partition} of subscription '${subscription}' has another owner now.`,
      origin: 'infrastructure',
      details: { subscription, partition },
    });
  }
}
