import {
  type App,
  type AppOptions,
  createApp,
  type Database,
  type Event,
  type ParkingPolicy,
  type SubscriptionNotice,
  type Transport,
} from '@diptych/core';
import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { FakeClock } from '../clock/fake-clock.js';
import { appendGiven } from './given-events.js';
import { RecordedMessages } from './recorded-messages.js';
import { settle } from './settle.js';

export interface TestAppOptions extends Omit<AppOptions, 'name' | 'database' | 'clock' | 'transport'> {
  /** Default `'test'`. */
  readonly name?: string;
  /** Default: a new one in memory, on the test's clock. */
  readonly database?: Database;
  /** Default: a new one. A database of the test's own should have the same. */
  readonly clock?: FakeClock;
  /** Default: one in memory, so that the whole way is tested. `false`: subscriptions read the journal. */
  readonly transport?: Transport | false;
}

/** An app in a test: everything runs as in a program, but time stands still until the test moves it. */
export interface TestApp extends Pick<App, 'commands' | 'queries' | 'operations' | 'messages' | 'describe'> {
  readonly app: App;
  readonly clock: FakeClock;
  readonly database: Database;
  /** What the journal has recorded since the app was made. */
  readonly recorded: RecordedMessages;
  /** Appends events to a stream as if they had happened before: the test's *given*. */
  given(stream: string, ...events: readonly Event[]): Promise<void>;
  /**
   * Resolves when everything that was caused by what was sent has been handled. What waits for time to pass does
   * not count: retries and schedules that are not due, a projection that is delayed; `advance` makes them due.
   * @throws the error of a handler whose message waits for an operator; an AggregateError of several.
   */
  settled(): Promise<void>;
  /** Moves time on by that many milliseconds; then call `settled` again. */
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

// A handler that fails should fail the test at once, and not after minutes of retries.
const parkAtOnce: ParkingPolicy = { immediate: 0, delaysInMs: [] };

/** Makes an app in memory, starts it, and waits until its read models answer. */
export async function testApp(options: TestAppOptions): Promise<TestApp> {
  const {
    clock = new FakeClock(),
    database = memoryDatabase({ clock }),
    transport,
    observe,
    ...rest
  } = options;
  const failures: unknown[] = [];
  const carried = transport === false ? undefined : (transport ?? memoryTransport({ clock }));
  const app = await createApp({
    name: 'test',
    ...rest,
    database,
    clock,
    ...(carried && { transport: carried }),
    subscriptions: { parking: parkAtOnce, ...rest.subscriptions },
    observe(notice) {
      const failure = failureIn(notice);
      if (failure !== undefined) failures.push(failure.error);
      observe?.(notice);
    },
  });
  const recorded = new RecordedMessages(database.reader);
  await recorded.restart();
  await app.start();
  const settled = async () => {
    await settle(app, clock);
    throwFirst(failures.splice(0));
  };
  await settled();
  return {
    app,
    clock,
    database,
    recorded,
    settled,
    commands: app.commands,
    queries: app.queries,
    operations: app.operations,
    messages: app.messages,
    describe: () => app.describe(),
    given: (stream, ...events) => appendGiven(database.writeStore, clock, stream, events),
    advance: (ms) => clock.advance(ms),
    stop: () => app.stop(),
  };
}

function failureIn(notice: SubscriptionNotice): { readonly error: unknown } | undefined {
  if (notice.kind === 'partition-stopped') return notice;
  return notice.kind === 'message-parked' && notice.failure.delayInMs === undefined ? notice : undefined;
}

function throwFirst(failures: readonly unknown[]): void {
  if (failures.length === 0) return;
  if (failures.length === 1) throw failures[0];
  throw new AggregateError(failures, `${failures.length} messages could not be handled.`);
}
