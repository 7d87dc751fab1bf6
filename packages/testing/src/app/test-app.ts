import type { App, AppOptions, Event, Transport, WritableDatabase } from '@diptych/core';
import type { FakeClock } from '../clock/fake-clock.js';
import type { RecordedMessages } from './recorded-messages.js';

export interface TestAppOptions extends Omit<AppOptions, 'name' | 'database' | 'clock' | 'transport'> {
  /** Default `'test'`. */
  readonly name?: string | undefined;
  /** Default: a new one in memory, on the test's clock. */
  readonly database?: WritableDatabase | undefined;
  /** Default: a new one. A database of the test's own should have the same. */
  readonly clock?: FakeClock | undefined;
  /**
   * `false`: subscriptions read the journal. Default: a new one in memory, so that the whole way is tested; with a
   * `database` of the test's own `false`, for what one app publishes would not reach the transport of another.
   */
  readonly transport?: Transport | false | undefined;
}

/**
 * An app in a test: everything runs as in a program, but time stands still until the test moves it. A second app
 * beside it, on the same state: `testApp({ handlers, database, clock, transport })` with these three of the first.
 */
export interface TestApp extends Pick<App, 'commands' | 'queries' | 'operations' | 'messages' | 'describe'> {
  readonly app: App;
  readonly clock: FakeClock;
  readonly database: WritableDatabase;
  readonly transport: Transport | false;
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
