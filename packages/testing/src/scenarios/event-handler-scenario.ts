import { AssertionError } from 'node:assert';
import {
  type Behavior,
  definitionOf,
  type Event,
  type HandlerSourceOrRegistration,
  type Subject,
  system,
} from '@diptych/core';
import { messagesNamedBy, registrationIn } from '../app/known-messages.js';
import { type OpenedTestApp, openTestApp } from '../app/open-test-app.js';
import type { TestAppOptions } from '../app/test-app.js';
import { Decision, type ScenarioOutcome } from './decision.js';
import { notRun } from './not-run.js';
import { type StreamEvents, streamsOf } from './recorded.js';
import { writtenIn } from './written.js';

/**
 * Given/when/then for event handlers, through the whole pipeline and an in-memory store:
 * `eventHandlerScenario({ handlers, messages: [Remind] }).when(new Ordered(…)).thenSent(new Remind(…))`. Only
 * handlers of that event run, once; what they send or append is written and not handled. `messages` names what the
 * handlers append and send, where no other handler given does.
 */
export function eventHandlerScenario(options: TestAppOptions): EventGiven {
  return scenarioOf(options, system);
}

export interface EventWhen {
  /** An event, or `inStream('order-1', …)` for one of a stream by name. */
  when(event: Event | StreamEvents): Decision;
}

export interface EventGiven extends EventWhen {
  /** The same scenario, in which somebody else caused the event. Default: the program itself (`system`). */
  as(subject: Subject): EventGiven;
  /** What has happened before, and is not handled: events, or `inStream('order-1', …)`. */
  given(...events: readonly (Event | StreamEvents)[]): EventWhen;
}

function scenarioOf(options: TestAppOptions, subject: Subject): EventGiven {
  const given: EventGiven['given'] = (...events) => ({
    when: (event) => new Decision(() => run(options, events, event, subject)),
  });
  return { as: (other) => scenarioOf(options, other), given, when: (event) => given().when(event) };
}

async function run(
  options: TestAppOptions,
  given: readonly (Event | StreamEvents)[],
  when: Event | StreamEvents,
  subject: Subject,
): Promise<ScenarioOutcome> {
  const happens = streamsOf([when]);
  const meant = new Set<string>();
  const app = await openFor(options, happens, meant);
  try {
    for (const { stream, events } of streamsOf(given)) await app.given(stream, ...events);
    for (const { stream, events } of happens) {
      for (const id of await app.append(stream, events, subject)) meant.add(id);
    }
    await app.app.start();
    const failure = await app.settled().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const now = app.clock.now();
    return { failure, result: undefined, written: writtenIn(app.recorded.batches(), now), now };
  } finally {
    await app.stop();
  }
}

function openFor(
  { handlers, messages = [], events, ...options }: TestAppOptions,
  happens: readonly StreamEvents[],
  meant: ReadonlySet<string>,
): Promise<OpenedTestApp> {
  const names = new Set(happens.flatMap((one) => one.events.map((event) => definitionOf(event)!.wireName)));
  const asked = handlers.map((handler) => askedFor(handler, names)).filter((one) => one !== undefined);
  if (asked.length === 0) {
    throw new AssertionError({ message: `None of the handlers handles '${[...names].join("', '")}'.` });
  }
  const known = [...messages, ...messagesNamedBy(handlers)];
  return openTestApp({
    transport: false,
    roles: ['commands'],
    ...options,
    handlers: [...asked, ...notRun(known)],
    messages: known.filter(({ kind }) => kind === 'event'),
    events: { retry: {}, ...events, behaviors: [only(meant), ...(events?.behaviors ?? [])] },
  });
}

// What is no handler at all is left for `createApp` to refuse.
function askedFor(
  handler: HandlerSourceOrRegistration,
  wireNames: ReadonlySet<string>,
): HandlerSourceOrRegistration | undefined {
  const registration = registrationIn(handler);
  if (registration === undefined) return handler;
  if (registration.kind !== 'event-handler' || !wireNames.has(registration.message.wireName))
    return undefined;
  return { ...registration, startAt: 'first', retry: undefined };
}

/** Passes over what was given, and what handlers append: a handler may append what it handles. */
function only(ids: ReadonlySet<string>): Behavior {
  return {
    name: 'only-what-happens',
    wrap: (next) => async (event, context) => (ids.has(context.meta.id) ? next(event, context) : undefined),
  };
}
