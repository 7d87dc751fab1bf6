import { deepStrictEqual } from 'node:assert';
import type { Command, Event } from '@diptych/core';
import { comparable } from './comparable.js';
import { assertFailure, type ExpectedFailure } from './expected-failure.js';
import type { StreamEvents } from './recorded.js';
import { type DueCommand, eventsBeside, scheduledBeside, type Written, writtenIn } from './written.js';

/** How a scenario went. */
export interface ScenarioOutcome {
  readonly failure: { readonly error: unknown } | undefined;
  readonly result: unknown;
  readonly written: Written;
  /** When it was, in milliseconds since the Unix epoch. */
  readonly now: number;
}

const nothing: Written = writtenIn([], 0);

/** What came of a message. Each of its methods runs the scenario anew. */
export class Decision {
  readonly #run: () => Promise<ScenarioOutcome>;

  constructor(run: () => Promise<ScenarioOutcome>) {
    this.#run = run;
  }

  /**
   * Where an expectation says the stream, `inStream('order-1', new Paid(…))`, that is compared too.
   * @throws AssertionError when other events, or in another order, were appended; what the handler throws.
   */
  async thenEvents(...expected: readonly (Event | StreamEvents)[]): Promise<void> {
    const { written } = await this.succeeded();
    const beside = eventsBeside(expected, written.events);
    deepStrictEqual(beside.actual, beside.expected);
  }

  /** @throws AssertionError when other commands, or in another order, were sent; what the handler throws. */
  async thenSent(...expected: readonly Command[]): Promise<void> {
    const { written } = await this.succeeded();
    deepStrictEqual(written.sent, expected.map(comparable));
  }

  /**
   * Where an expectation says when, `dueIn(60_000, new Remind(…))` or `dueAt(date, …)`, that is compared too.
   * @throws AssertionError when other commands, or in another order, were scheduled; what the handler throws.
   */
  async thenScheduled(...expected: readonly (Command | DueCommand)[]): Promise<void> {
    const { written, now } = await this.succeeded();
    const beside = scheduledBeside(expected, written.scheduled, now);
    deepStrictEqual(beside.actual, beside.expected);
  }

  /**
   * Rows that a handler writes through the driver's transaction are not seen.
   * @throws AssertionError when anything was appended, sent, scheduled or cancelled; what the handler throws.
   */
  async thenNothing(): Promise<void> {
    deepStrictEqual((await this.succeeded()).written, nothing);
  }

  /** @throws AssertionError when it does not fail so, or when something was written all the same. */
  async thenFails(expected: ExpectedFailure): Promise<void> {
    const { failure, written } = await this.#run();
    assertFailure(failure?.error, expected);
    deepStrictEqual(written, nothing);
  }

  protected async succeeded(): Promise<ScenarioOutcome> {
    const outcome = await this.#run();
    if (outcome.failure !== undefined) throw outcome.failure.error;
    return outcome;
  }
}
