import { deepStrictEqual } from 'node:assert';
import {
  type Command,
  type DispatchOptions,
  type Event,
  type ResultOf,
  type Subject,
  system,
} from '@diptych/core';
import { messagesNamedBy } from '../app/known-messages.js';
import { openTestApp } from '../app/open-test-app.js';
import type { TestAppOptions } from '../app/test-app.js';
import { Decision, type ScenarioOutcome } from './decision.js';
import { handledOnce } from './handled-once.js';
import { notRun } from './not-run.js';
import { type StreamEvents, streamsOf } from './recorded.js';
import { writtenIn } from './written.js';

/**
 * Given/when/then for command handlers, through the whole pipeline and an in-memory store:
 * `commandScenario({ handlers, messages: [OrderPlaced] }).when(new PlaceOrder(…)).thenEvents(new OrderPlaced(…))`.
 * Nothing else runs: what the events cause is a matter for `eventHandlerScenario` and `testApp`. Nothing is tried
 * again, unless `commands.retry` says so. `messages` names what the handlers append and send, where no other handler
 * given does.
 */
export function commandScenario(options: TestAppOptions): CommandGiven {
  return scenarioOf(options, system);
}

export interface CommandWhen {
  /** Default of `options.subject`: who `as` named, or else the program itself (`system`). */
  when<C extends Command>(command: C, options?: DispatchOptions): CommandDecision<C>;
}

export interface CommandGiven extends CommandWhen {
  /** The same scenario, in which somebody else asks: for every `when` that follows. */
  as(subject: Subject): CommandGiven;
  /** What has happened before: events, or `inStream('order-1', …)` for those of a stream by name. */
  given(...events: readonly (Event | StreamEvents)[]): CommandWhen;
}

/** What came of a command. Each of its methods runs the scenario anew. */
export class CommandDecision<C extends Command> extends Decision {
  /** @throws AssertionError when the result is another; what the handler throws. */
  async thenResult(expected: ResultOf<C>): Promise<void> {
    deepStrictEqual((await this.succeeded()).result, expected);
  }
}

function scenarioOf(options: TestAppOptions, subject: Subject): CommandGiven {
  const given: CommandGiven['given'] = (...events) => ({
    when: <C extends Command>(command: C, dispatch?: DispatchOptions) =>
      new CommandDecision<C>(() => run(options, events, command, { subject, ...dispatch })),
  });
  return {
    as: (other) => scenarioOf(options, other),
    given,
    when: (command, dispatch) => given().when(command, dispatch),
  };
}

async function run(
  { handlers, messages = [], ...options }: TestAppOptions,
  given: readonly (Event | StreamEvents)[],
  command: Command,
  dispatch: DispatchOptions,
): Promise<ScenarioOutcome> {
  const handled = new Set(messagesNamedBy(handlers).map(({ wireName }) => wireName));
  const others = messages.filter(({ wireName }) => !handled.has(wireName));
  const app = await openTestApp({
    transport: false,
    roles: ['commands'],
    ...options,
    handlers: [...handlers.map(handledOnce), ...notRun(others)],
    messages: messages.filter(({ kind }) => kind === 'event'),
    commands: { retry: {}, ...options.commands },
  });
  const ended = (end: Pick<ScenarioOutcome, 'failure' | 'result'>) => ({
    ...end,
    written: writtenIn(app.recorded.batches(), app.clock.now()),
    now: app.clock.now(),
  });
  try {
    for (const { stream, events } of streamsOf(given)) await app.given(stream, ...events);
    return ended({ failure: undefined, result: await app.commands.execute(command, dispatch) });
  } catch (error) {
    return ended({ failure: { error }, result: undefined });
  } finally {
    await app.stop();
  }
}
