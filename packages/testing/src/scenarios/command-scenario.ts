import { deepStrictEqual } from 'node:assert';
import {
  type Command,
  type DispatchOptions,
  definitionOf,
  type Event,
  type ResultOf,
  system,
} from '@diptych/core';
import { type TestApp, type TestAppOptions, testApp } from '../app/test-app.js';
import { comparable } from './comparable.js';
import { assertFailure, type ExpectedFailure } from './expected-failure.js';
import { inStream, type StreamEvents } from './recorded.js';

const defaultStream = 'scenario-1';

/**
 * Given/when/then for command handlers, through the whole pipeline and an in-memory store:
 * `commandScenario({ handlers: [PlaceOrderHandler] }).when(new PlaceOrder(…)).thenEvents(new OrderPlaced(…))`.
 * Nothing else runs: what the events cause is a matter for `testApp`.
 */
export function commandScenario(options: TestAppOptions): CommandGiven {
  const given: CommandGiven['given'] = (...events) => ({
    when: (command, dispatch = {}) => new CommandDecision(options, events, command, dispatch),
  });
  return { given, when: (command, dispatch) => given().when(command, dispatch) };
}

export interface CommandWhen {
  /** Default of `options.subject`: the program itself (`system`). */
  when<C extends Command>(command: C, options?: DispatchOptions): CommandDecision<C>;
}

export interface CommandGiven extends CommandWhen {
  /** What has happened before: events, or `inStream('order-1', …)` for those of a stream by name. */
  given(...events: readonly (Event | StreamEvents)[]): CommandWhen;
}

/** What came of a command. Each of its methods runs the scenario anew. */
export class CommandDecision<C extends Command> {
  readonly #options: TestAppOptions;
  readonly #given: readonly StreamEvents[];
  readonly #command: C;
  readonly #dispatch: DispatchOptions;

  constructor(
    options: TestAppOptions,
    given: readonly (Event | StreamEvents)[],
    command: C,
    dispatch: DispatchOptions,
  ) {
    this.#options = options;
    this.#given = given.map((one) =>
      definitionOf(one) === undefined ? (one as StreamEvents) : inStream(defaultStream, one as Event),
    );
    this.#command = command;
    this.#dispatch = { subject: system, ...dispatch };
  }

  /** @throws AssertionError when other events, or in another order, were appended; what the handler throws. */
  async thenEvents(...expected: readonly Event[]): Promise<void> {
    const { failure, app } = await this.#run();
    if (failure !== undefined) throw failure.error;
    const entries = await app.recorded.entries();
    const events = entries.filter(({ kind }) => kind === 'event');
    deepStrictEqual(
      events.map(({ name, data }) => ({ name, data: JSON.parse(data) as unknown })),
      expected.map(comparable),
    );
  }

  /** @throws AssertionError when anything was appended; what the handler throws. */
  thenNothing(): Promise<void> {
    return this.thenEvents();
  }

  /** @throws AssertionError when the result is another; what the handler throws. */
  async thenResult(expected: ResultOf<C>): Promise<void> {
    const { failure, result } = await this.#run();
    if (failure !== undefined) throw failure.error;
    deepStrictEqual(result, expected);
  }

  /** @throws AssertionError when it does not fail so, or when something was recorded all the same. */
  async thenFails(expected: ExpectedFailure): Promise<void> {
    const { failure, app } = await this.#run();
    assertFailure(failure?.error, expected);
    deepStrictEqual(await app.recorded.entries(), []);
  }

  async #run(): Promise<Outcome<C>> {
    const { handlers, ...rest } = this.#options;
    const app = await testApp({ transport: false, roles: ['commands'], ...rest, handlers });
    try {
      for (const { stream, events } of this.#given) await app.given(stream, ...events);
      await app.recorded.restart();
      return { app, failure: undefined, result: await app.commands.execute(this.#command, this.#dispatch) };
    } catch (error) {
      return { app, failure: { error }, result: undefined };
    } finally {
      await app.stop();
    }
  }
}

interface Outcome<C extends Command> {
  readonly app: TestApp;
  readonly failure: { readonly error: unknown } | undefined;
  readonly result: ResultOf<C> | undefined;
}
