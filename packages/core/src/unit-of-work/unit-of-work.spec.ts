import { memoryDatabase } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { command } from '../messages/command.js';
import type { MessageMeta } from '../messages/envelope.js';
import { event } from '../messages/event.js';
import { MessageRegistry } from '../messages/message-registry.js';
import type { Session } from './session.js';
import { UnitOfWork } from './unit-of-work.js';

// What depends on the store is in the unit-of-work contract; here is what does not.

class Counted extends event('test.Counted', z.object({ by: z.number(), unit: z.string() }), {
  version: 3,
  upcast: [
    (data: { amount: number }) => (data.amount === 0 ? null : { by: data.amount }),
    (data: { by: number }) => ({ ...data, unit: 'piece' }),
  ],
}) {}
class Count extends command('test.Count', z.object({ by: z.number() })) {}

const meta: MessageMeta = {
  id: 'message-1',
  name: 'test.Count',
  schemaVersion: 1,
  time: '2029-12-31T00:00:00.000Z',
  correlationId: 'correlation-1',
  causationId: 'message-0',
  tenant: 'default',
  subject: { id: 'ada', roles: ['clerk'] },
  source: 'elsewhere',
};

function setUp(options: { readonly onFault?: (error: unknown) => void } = {}) {
  const clock = new FakeClock();
  const database = memoryDatabase({ clock });
  const registry = new MessageRegistry();
  registry.add(Counted);
  registry.add(Count);
  const units = new UnitOfWork({ store: database.writeStore, registry, source: 'test', clock, ...options });
  const run = (work: (session: Session) => Promise<unknown>) => units.run({ meta }, work);
  const stored = (name: string) => database.writeStore.loadStream({ tenant: 'default', name });
  const put = (name: string, data: string, schemaVersion: number) => {
    const envelope = {
      ...meta,
      kind: 'event' as const,
      id: crypto.randomUUID(),
      name: 'test.Counted',
      schemaVersion,
      data,
    };
    const stream = { tenant: 'default', name };
    return database.writeStore.commit({
      entries: [
        { kind: 'append', stream, expectedVersion: 'any', partitionKey: undefined, events: [envelope] },
      ],
    });
  };
  return { clock, database, registry, units, run, stored, put };
}

const counted = (by: number) => new Counted({ by, unit: 'piece' });
const withCode = (code: string) => expect.objectContaining({ code, origin: 'programming' });

describe('a session', () => {
  test.each([
    ['', 'empty'],
    [undefined as never, 'missing'],
    ['half of \ud83d', 'half of a character'],
    ['x'.repeat(513), 'too long'],
  ])('refuses the name %j for a stream: it is %s', async (name) => {
    const { run } = setUp();
    await run(async (session) => {
      expect(() => session.append(name, 'any', [counted(1)])).toThrow(
        expect.objectContaining({ code: 'invalid-name' }),
      );
      await expect(session.load(name)).rejects.toMatchObject({ code: 'invalid-name' });
      expect(() => session.append('s', 'any', [counted(1)], { partitionKey: name ?? '' })).toThrow(
        expect.objectContaining({ code: 'invalid-name' }),
      );
      expect(() => session.send(new Count({ by: 1 }), { key: name ?? '' })).toThrow(
        expect.objectContaining({ code: 'invalid-name' }),
      );
    });
  });

  test('gives what it makes an envelope of its own, caused by its message', async () => {
    const { clock, run, stored } = setUp();
    await run(async (session) => session.append('s', 'none', [counted(1)]));
    const [recorded] = await stored('s');
    expect(recorded).toEqual({
      kind: 'event',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'test.Counted',
      schemaVersion: 3,
      time: new Date(clock.now()).toISOString(),
      correlationId: 'correlation-1',
      causationId: 'message-1',
      tenant: 'default',
      subject: { id: 'ada', roles: ['clerk'] },
      source: 'test',
      data: '{"by":1,"unit":"piece"}',
      stream: 's',
      version: 1,
      partition: recorded?.partition,
      position: recorded?.position,
    });
  });

  test('reads events of older schema versions lifted, and passes over those that upcasters drop', async () => {
    const { run, put } = setUp();
    await put('s', '{"amount":2}', 1);
    await put('s', '{"amount":0}', 1);
    await put('s', '{"by":3}', 2);
    await run(async (session) => {
      const { version, events, recorded } = await session.load('s');
      expect(events).toEqual([counted(2), counted(3)]);
      expect([version, recorded.length]).toEqual([3, 3]);
      session.append('s', 3, [counted(4)]);
      expect((await session.load('s', { afterVersion: 1 })).events).toEqual([counted(3), counted(4)]);
    });
  });

  test.each([
    ['data that does not fit', '{"by":"one","unit":"piece"}', 3],
    ['broken text', '{', 3],
    ['a version newer than the program', '{}', 4],
  ])('says which stored event it cannot read: %s', async (_, data, schemaVersion) => {
    const { run, put } = setUp();
    await put('s', '{"by":3}', 2);
    await put('s', data, schemaVersion);
    await expect(run((session) => session.load('s'))).rejects.toMatchObject({
      code: 'unreadable-message',
      details: { wireName: 'test.Counted', stream: 's', version: 2, position: expect.any(String) },
    });
  });

  test('refuses what is no event, no command, no version and no time', async () => {
    const { run } = setUp();
    await run(async (session) => {
      const notAnEvent = new Count({ by: 1 }) as never;
      expect(() => session.append('s', 'any', [notAnEvent])).toThrow(withCode('wrong-message-kind'));
      expect(() => session.append('s', 'any', [{ by: 1 } as never])).toThrow(withCode('not-a-message'));
      expect(() => session.send(counted(1) as never)).toThrow(withCode('wrong-message-kind'));
      for (const version of [-1, 0.5, Number.NaN]) {
        expect(() => session.append('s', version, [counted(1)])).toThrow(
          withCode('invalid-expected-version'),
        );
      }
      for (const when of [{ in: Number.NaN }, { in: Number.POSITIVE_INFINITY }, { at: new Date('never') }]) {
        expect(() => session.schedule(new Count({ by: 1 }), when)).toThrow(withCode('invalid-schedule'));
      }
    });
  });

  test('dates a scheduled command to when it is due, so that it is not taken for an old one', async () => {
    const { clock, database, run } = setUp();
    const day = 24 * 60 * 60 * 1000;
    const start = clock.now();
    await run(async (session) => {
      session.schedule(new Count({ by: 1 }), { in: 30 * day, key: 'k' });
      session.schedule(new Count({ by: 2 }), { at: new Date(0), key: 'k' });
    });
    await clock.advance(30 * day);
    const { partitions } = await database.reader.info();
    for (let partition = 0; partition < partitions; partition++)
      await database.writeStore.moveDue(partition, 10);
    const { entries } = await database.reader.readAll(undefined, { maxEvents: 10, maxBytes: 10_000 });
    const times = entries.map(({ data, time }) => [data, Date.parse(time) - start]);
    expect(times).toEqual([
      ['{"by":2}', 0],
      ['{"by":1}', 30 * day],
    ]);
  });
});

describe('UnitOfWork', () => {
  test('reports what fails after the commit', async () => {
    const faults: unknown[] = [];
    const { run } = setUp({ onFault: (error) => faults.push(error) });
    const fault = new Error('after the fact');
    await run(async (session) => {
      session.afterCommit(() => {
        throw fault;
      });
    });
    expect(faults).toEqual([fault]);
  });

  test('refuses a message that the program could not read back', async () => {
    class Unnamed extends event('test.Unnamed') {}
    class Unhandled extends command('test.Unhandled') {}
    const { run, database } = setUp();
    const unknown = { code: 'message-unknown' };
    await expect(run(async (session) => session.append('s', 'none', [new Unnamed()]))).rejects.toMatchObject(
      unknown,
    );
    await expect(run(async (session) => session.send(new Unhandled()))).rejects.toMatchObject(unknown);
    await expect(run(async (session) => session.schedule(new Unhandled(), { in: 1 }))).rejects.toMatchObject(
      unknown,
    );
    expect(await database.reader.heads()).toEqual(new Map());
  });

  test('a begin that failed fails the unit, also when the handler did not look', async () => {
    const { database, clock, registry, stored } = setUp();
    const broken = Object.assign(Object.create(database.writeStore), {
      options: database.writeStore.options,
      begin: () => Promise.reject(new Error('no connection')),
    });
    const units = new UnitOfWork({ store: broken, registry, source: 'test', clock });
    const unit = units.run({ meta }, async (session) => {
      session.append('s', 'none', [counted(1)]);
      await session.native().catch(() => undefined);
    });
    await expect(unit).rejects.toThrow('no connection');
    expect(await stored('s')).toEqual([]);
  });

  test('a caller who has gone does not wait for the writer, and gives it back when it comes', async () => {
    const { database, units } = setUp();
    const other = await database.writeStore.begin({ timeLimitInMs: 60_000 });
    const abort = new AbortController();
    const waiting = units.run({ meta, abortSignal: abort.signal }, (session) => session.native());
    await Promise.resolve();
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'time-limit' });
    await other.rollback();
    const next = await database.writeStore.begin({ timeLimitInMs: 60_000 });
    await next.rollback();
  });

  test('promise 4: a claim that comes when its caller has gone is given back', async () => {
    const { database, units } = setUp();
    const { writeStore } = database;
    const other = await writeStore.begin({ timeLimitInMs: 60_000 });
    const abort = new AbortController();
    const key = { tenant: 'default', handler: 'test', scope: '', id: 'message-1', fingerprint: '' };
    const encodeResult = () => undefined;
    const claim = { key, waitInMs: 60_000, rememberForMs: 60_000, remember: true, encodeResult };
    const waiting = units.run({ meta, claim, abortSignal: abort.signal }, async () => {});
    await Promise.resolve();
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'time-limit' });
    await other.rollback();
    const next = await writeStore.claim(key, { waitInMs: 0, timeLimitInMs: 60_000 });
    expect(next.state).toBe('claimed');
  });
});
