import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commandHandler } from '../commands/command-handler.js';
import { eventHandler } from '../events/event-handler.js';
import { token } from '../handlers/injection.js';
import { anyone } from '../handlers/policy.js';
import { memoryDatabase } from '../memory/memory-database.js';
import { MemoryReadModelStore } from '../memory/memory-read-model-store.js';
import { memoryTransport } from '../memory/memory-transport.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import { query } from '../messages/query.js';
import { defineProjection } from '../projections/define-projection.js';
import { On } from '../projections/projection.js';
import { readModel } from '../projections/read-model-token.js';
import { queryHandler } from '../queries/query-handler.js';
import type { AppOptions } from './app-options.js';
import { createApp } from './create-app.js';
import { StartUpError } from './start-up-error.js';

const id = z.object({ id: z.string() });
class Open extends command('spec.Open', id) {}
class OtherOpen extends command('spec.Open', z.object({ other: z.string() })) {}
class Close extends command('spec.Close', z.object({ at: z.date() })) {}
class Opened extends event('spec.Opened', id) {}
class Find extends query('spec.Find', id).returns<string>() {}

const open = commandHandler(Open, { authorize: anyone }, () => {});
const notify = eventHandler(Opened, { name: 'notify' }, () => {});
const opened = defineProjection<{ id: string }>({ name: 'opened', version: 1 }).on(
  Opened,
  ({ id }) => id,
  ({ id }) => ({ id }),
);

async function faultsOf(options: Partial<AppOptions>): Promise<readonly string[]> {
  try {
    await createApp({ name: 'spec', handlers: [], database: memoryDatabase(), ...options });
    return [];
  } catch (error) {
    if (!(error instanceof StartUpError)) throw error;
    return error.faults.map(({ code }) => code);
  }
}

describe('the start-up audit', () => {
  test('finds nothing wrong with a sound program', async () => {
    expect(await faultsOf({ handlers: [open, opened] })).toEqual([]);
  });

  test.each<[string, Partial<AppOptions>]>([
    ['handler-duplicate', { handlers: [open, open] }],
    ['no-handler', { messages: [Open] }],
    ['wire-name-taken', { handlers: [open], messages: [OtherOpen] }],
    ['policy-missing', { handlers: [commandHandler(Open, {}, () => {})] }],
    ['policy-missing', { handlers: [queryHandler(Find, {}, () => '')] }],
    [
      'dependency-missing',
      { handlers: [commandHandler(Open, { authorize: anyone, inject: [token('clock')] }, () => {})] },
    ],
    ['schema-unstable', { handlers: [commandHandler(Close, { authorize: anyone }, () => {})] }],
    ['projection-without-folds', { handlers: [defineProjection({ name: 'empty', version: 1 })] }],
    ['projection-duplicate', { handlers: [opened, opened] }],
    ['handler-duplicate', { handlers: [notify, notify] }],
    [
      'read-model-outside-query',
      {
        handlers: [
          opened,
          commandHandler(Open, { authorize: anyone, inject: [readModel(opened)] }, () => {}),
        ],
      },
    ],
    ['not-a-handler', { handlers: [class Undecorated {}] }],
    ['option-invalid', { name: '' }],
    ['option-invalid', { handlers: undefined as never }],
    ['option-invalid', { database: undefined as never }],
    ['option-invalid', { roles: [] }],
    ['option-invalid', { roles: ['typo' as never] }],
    ['option-invalid', { topic: '' }],
    ['option-invalid', { subscriptions: { retiredGraceInMs: 9_999 } }],
    ['option-invalid', { commands: { timeoutInMs: Number.POSITIVE_INFINITY } }],
    ['option-invalid', { commands: { waitInMs: -1 } }],
    ['option-invalid', { events: { timeoutInMs: -1 } }],
    ['option-invalid', { queries: { cache: { storeTimeoutInMs: 0 } } }],
    ['option-invalid', { queries: { retry: { unavailable: { immediate: Number.NaN } } } }],
    ['option-invalid', { subscriptions: { pollInMs: Number.NaN } }],
    ['option-invalid', { subscriptions: { maxBatchEntries: 0 } }],
    ['option-invalid', { handlers: [commandHandler(Open, { authorize: anyone, timeoutInMs: 0 }, () => {})] }],
    [
      'option-invalid',
      { handlers: [queryHandler(Find, { authorize: anyone, cache: { ttlInMs: -1 } }, () => '')] },
    ],
    ['not-a-handler', { handlers: [undefined as never] }],
    [
      'inject-undefined',
      { handlers: [commandHandler(Open, { authorize: anyone, inject: [undefined as never] }, () => {})] },
    ],
    ['policy-invalid', { handlers: [commandHandler(Open, { authorize: (() => true) as never }, () => {})] }],
  ])('finds %s', async (code, options) => {
    expect(await faultsOf(options)).toContain(code);
  });

  test('names each option that is wrong, and what it must be', async () => {
    const failed = createApp({
      name: 'spec',
      handlers: [],
      database: memoryDatabase(),
      commands: { rememberForMs: 0 },
      subscriptions: { leaseInMs: Number.NaN },
    });
    await expect(failed).rejects.toThrow(
      /`commands.rememberForMs` is 0(.|\n)*`subscriptions.leaseInMs` is NaN; it must be a number of milliseconds/,
    );
  });

  test.each(['', 'a/b c', 'x'.repeat(101)])('refuses the name %j for an event handler', (name) => {
    expect(() => eventHandler(Opened, { name }, () => {})).toThrow(
      expect.objectContaining({ code: 'handler-name' }),
    );
  });

  test('says of what is not there that two files may import each other', async () => {
    const circle = /Do two files import each other\?/;
    expect(() => commandHandler(undefined as never, {}, () => {})).toThrow(circle);
    expect(() => queryHandler(undefined as never, {}, () => '')).toThrow(circle);
    expect(() => eventHandler(undefined as never, { name: 'notify' }, () => {})).toThrow(circle);
    expect(() => readModel(undefined as never)).toThrow(circle);
    expect(() => On(undefined as never, () => '')).toThrow(circle);
    await expect(
      createApp({ name: 'spec', handlers: [undefined as never], database: memoryDatabase() }),
    ).rejects.toThrow(circle);
  });

  test('tells to name a projection that a query reads and no list holds', async () => {
    const find = queryHandler(Find, { authorize: anyone, inject: [readModel(opened)] }, () => '');
    const failed = createApp({ name: 'spec', handlers: [find], database: memoryDatabase() });
    await expect(failed).rejects.toThrow("Name the projection 'opened' in `handlers`");
  });

  test('finds one wire name for a command and an event, also where both have no data', async () => {
    class Ping extends command('spec.Ping') {}
    class Pinged extends event('spec.Ping') {}
    const ping = commandHandler(Ping, { authorize: anyone }, () => {});
    expect(await faultsOf({ handlers: [ping], messages: [Pinged] })).toEqual(['wire-name-taken']);
  });

  test('finds a projection without a store', async () => {
    const { readModels: _readModels, ...database } = memoryDatabase();
    expect(await faultsOf({ handlers: [opened], database })).toEqual(['projection-without-store']);
    const readModels = { opened: new MemoryReadModelStore() };
    expect(await faultsOf({ handlers: [opened], database, readModels })).toEqual([]);
  });

  test('finds a store for a projection that is not there', async () => {
    const readModels = { closed: new MemoryReadModelStore() };
    expect(await faultsOf({ handlers: [opened], readModels })).toEqual(['projection-unknown']);
  });

  test('finds a broker whose set-up would break a promise', async () => {
    const transport = memoryTransport();
    transport.audit = async () => ['Sessions are off.'];
    expect(await faultsOf({ transport })).toEqual(['transport-unfit']);
  });

  test('tells all faults at once, in one message', async () => {
    const handlers = [open, open, commandHandler(Close, {}, () => {}), opened, opened];
    const failed = createApp({ name: 'spec', handlers, database: memoryDatabase() });
    await expect(failed).rejects.toThrow(
      /4 reasons(.|\n)*handler-duplicate(.|\n)*policy-missing(.|\n)*schema-unstable(.|\n)*projection-duplicate/,
    );
  });
});
