import {
  createApp,
  type Event,
  type MessageType,
  type ParkingPolicy,
  type Subject,
  type SubscriptionNotice,
  system,
  type Transport,
  type WritableDatabase,
  type WriteBatch,
} from '@diptych/core';
import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { FakeClock } from '../clock/fake-clock.js';
import { envelopesIn } from './envelopes-in.js';
import { givenBatch } from './given-events.js';
import { messagesNamedBy } from './known-messages.js';
import { assertReadsBack } from './read-back.js';
import { RecordedMessages } from './recorded-messages.js';
import { resultCheck } from './result-check.js';
import { settle } from './settle.js';
import type { TestApp, TestAppOptions } from './test-app.js';
import { watchedWriteStore } from './watched-write-store.js';

/** A test's app that is not started yet: its buses work, and nothing runs by itself. */
export interface OpenedTestApp extends TestApp {
  /** As `given`, of events that somebody caused. Resolves with their ids. */
  append(stream: string, events: readonly Event[], subject: Subject): Promise<readonly string[]>;
}

/** @throws what `createApp` throws. */
export async function openTestApp(options: TestAppOptions): Promise<OpenedTestApp> {
  const { clock = new FakeClock(), database = memoryDatabase({ clock }) } = options;
  const transport = transportOf(options, clock);
  const recorded = new RecordedMessages(database.reader);
  const before = readBackCheck(options);
  const writeStore = watchedWriteStore(database.writeStore, {
    before,
    after: (batch) => recorded.note(batch),
  });
  const failures: unknown[] = [];
  const app = await createApp({
    ...strict(options, (error) => failures.push(error)),
    database: { ...partsOf(database), writeStore },
    clock,
    ...(transport && { transport }),
  });
  await recorded.restart();
  const append: OpenedTestApp['append'] = async (stream, events, subject) => {
    const batch = givenBatch(clock, stream, events, subject);
    before(batch);
    await database.writeStore.commit(batch);
    return envelopesIn(batch).map(({ id }) => id);
  };
  return {
    app,
    clock,
    database,
    transport,
    recorded,
    append,
    commands: app.commands,
    queries: app.queries,
    operations: app.operations,
    messages: app.messages,
    describe: () => app.describe(),
    given: async (stream, ...events) => void (await append(stream, events, system)),
    async settled() {
      await settle(app, clock);
      throwFirst(failures.splice(0));
    },
    advance: (ms) => clock.advance(ms),
    stop: () => app.stop(),
  };
}

function transportOf({ transport, database }: TestAppOptions, clock: FakeClock): Transport | false {
  if (transport !== undefined) return transport;
  return database === undefined ? memoryTransport({ clock }) : false;
}

// A database may be a class with getters, which a spread would lose.
function partsOf({ writeStore, reader, subscriptions, readModels, snapshots }: WritableDatabase) {
  return {
    writeStore,
    reader,
    subscriptions,
    ...(readModels && { readModels }),
    ...(snapshots && { snapshots }),
  };
}

// A handler that fails should fail the test at once, and not after minutes of retries.
const parkAtOnce: ParkingPolicy = { immediate: 0, delaysInMs: [] };

function strict(options: TestAppOptions, failed: (error: unknown) => void) {
  const { name = 'test', transport, observe, database, clock, ...rest } = options;
  return {
    ...rest,
    name,
    commands: { ...rest.commands, behaviors: [resultCheck, ...(rest.commands?.behaviors ?? [])] },
    queries: { ...rest.queries, behaviors: [resultCheck, ...(rest.queries?.behaviors ?? [])] },
    subscriptions: { parking: parkAtOnce, ...rest.subscriptions },
    observe(notice: SubscriptionNotice) {
      const failure = failureIn(notice);
      if (failure !== undefined) failed(failure.error);
      observe?.(notice);
    },
  };
}

function readBackCheck({ handlers, messages = [] }: TestAppOptions): (batch: WriteBatch) => void {
  const types = new Map<string, MessageType>(
    [...messages, ...messagesNamedBy(handlers)].map((type) => [type.wireName, type]),
  );
  return (batch) => {
    for (const envelope of envelopesIn(batch)) {
      const type = types.get(envelope.name);
      if (type !== undefined) assertReadsBack(type, envelope);
    }
  };
}

function failureIn(notice: SubscriptionNotice): { readonly error: unknown } | undefined {
  if (notice.kind === 'partition-stopped') return notice;
  return notice.kind === 'message-parked' && notice.failure.delayInMs === undefined ? notice : undefined;
}

function throwFirst(failures: readonly unknown[]): void {
  if (failures.length === 0) return;
  if (failures.length === 1) throw failures[0];
  const told = failures.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
  throw new AggregateError(failures, `${failures.length} messages could not be handled: ${told}`);
}

/**
 * Makes an app in memory, starts it, and waits until its read models answer. It is stricter than a program: each
 * event and command that it writes is read back before the commit (DiptychError `schema-unstable`), and results are
 * held to the schemas that their messages declare (`result-invalid`). What went wrong meanwhile, the first `settled`
 * throws.
 */
export async function testApp(options: TestAppOptions): Promise<TestApp> {
  const opened = await openTestApp(options);
  await opened.app.start();
  await settle(opened.app, opened.clock);
  return opened;
}
