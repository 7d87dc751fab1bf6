import { DiptychError } from '../errors/diptych-error.js';
import type { ParkedMessage } from '../subscriptions/parked-message.js';

/** The token is of another journal, or of a time before this one was restored. */
export class ForeignConsistencyError extends DiptychError {
  constructor(given: string, present: string) {
    super({
      code: 'consistency-incarnation',
      message: 'The consistency token is of another journal, or this one was restored since; ask without it.',
      details: { given, present },
    });
  }
}

/** The token names a position that the journal has not come to: it was restored to an older point, say. */
export class BeyondHeadError extends DiptychError {
  constructor(partition: number) {
    super({
      code: 'consistency-beyond-head',
      message: `The consistency token lies beyond the end of partition ${partition} of the journal; ask without it.`,
      details: { partition },
    });
  }
}

/** The read model did not come as far in time. The command itself succeeded. */
export class FreshnessTimeoutError extends DiptychError {
  readonly #subscription: string;
  readonly #timeoutInMs: number;

  /** `delayedBy`: what was parked in the range and is tried again by itself, where that is known. */
  constructor(subscription: string, timeoutInMs: number, delayedBy?: ParkedMessage) {
    const failure = delayedBy?.failure;
    const why =
      failure &&
      ` It could not handle '${delayedBy.name}' (${failure.code}: ${failure.message}) and tries again later.`;
    super({
      code: 'after-timeout',
      message: `The command itself succeeded; '${subscription}' had not come as far after ${timeoutInMs} ms.${why ?? ''} Ask again, or without 'after'.`,
      retryable: true,
      origin: 'infrastructure',
      details: {
        subscription,
        timeoutInMs,
        commandSucceeded: true,
        ...(failure && { failure: failure.code }),
      },
    });
    this.#subscription = subscription;
    this.#timeoutInMs = timeoutInMs;
  }

  /** The same, and why. */
  because(delayedBy: ParkedMessage): FreshnessTimeoutError {
    return new FreshnessTimeoutError(this.#subscription, this.#timeoutInMs, delayedBy);
  }
}

/** An event that the query waits for cannot be handled until an operator acts. The command itself succeeded. */
export class ParkedInRangeError extends DiptychError {
  constructor(subscription: string, { partition, key, position, failure }: ParkedMessage) {
    super({
      code: 'after-parked',
      message: `The command itself succeeded; '${subscription}' could not handle an event of it, and waits for an operator.`,
      details: { subscription, partition, key, position, failure: failure?.code, commandSucceeded: true },
    });
  }
}

/** So many queries wait for this read model already that another one is not let in. The command itself succeeded. */
export class TooManyWaitingError extends DiptychError {
  constructor(subscription: string, maxWaiting: number) {
    super({
      code: 'after-too-many',
      message: `The command itself succeeded; ${maxWaiting} queries wait for '${subscription}' already. Ask again, or without 'after'.`,
      retryable: true,
      origin: 'infrastructure',
      details: { subscription, maxWaiting, commandSucceeded: true },
    });
  }
}
