import { memoryDatabase } from '@diptych/core/memory';
import { FakeClock, testApp } from '@diptych/testing';
import { journalReaderContract } from '@diptych/testing/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createApp } from '../app/create-app.js';
import { commandHandler } from '../commands/command-handler.js';
import { anyone } from '../handlers/policy.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import { query } from '../messages/query.js';
import { positionAt } from '../partitions/position.js';
import { defineProjection } from '../projections/define-projection.js';
import { readModel } from '../projections/read-model-token.js';
import { queryHandler } from '../queries/query-handler.js';
import { httpJournalReader } from './http-journal-reader.js';
import { type JournalHandlerOptions, journalHandler } from './journal-handler.js';
import { UnauthenticatedError } from './request-errors.js';

const reads = { subject: { id: 'read-side', roles: ['journal'] } };

function served(reader: JournalReader, options: Partial<JournalHandlerOptions> = {}) {
  return journalHandler({
    reader,
    identify: ({ headers }) => (headers.get('authorization') === 'Bearer right' ? reads : undefined),
    authorize: ({ roles }) => roles.includes('journal'),
    ...options,
  });
}

function overHttp(reader: JournalReader, token = 'right'): JournalReader {
  return httpJournalReader({
    url: 'http://write-side.test/',
    headers: async () => ({ authorization: `Bearer ${token}` }),
    fetch: served(reader),
  });
}

journalReaderContract('memory, over HTTP', {
  lacks: {
    'concurrent writers': 'one transaction is open at a time',
    durability: 'it lives as long as its process',
    'commit notices': 'the commits are those of another process',
  },
  async open() {
    const clock = new FakeClock();
    const { writeStore, reader } = memoryDatabase({ clock });
    const own = overHttp(reader);
    return { writeStore, reader: own, clock, advanceTime: (ms: number) => clock.advance(ms) } as never;
  },
});

describe('the journal over HTTP', () => {
  const get = async (path: string, reader = memoryDatabase().reader, token = 'right') => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await served(reader)(new Request(`http://x/journal${path}`, { headers }));
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('promise 9: is closed to whoever its policy does not name', async () => {
    expect(await get('', undefined, 'wrong')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const identify = () => {
      throw new UnauthenticatedError();
    };
    const handle = served(memoryDatabase().reader, { identify });
    expect((await handle(new Request('http://x/journal'))).status).toBe(401);
    await expect(overHttp(memoryDatabase().reader, 'wrong').info()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('does not let this process read it'),
    });
  });

  test('gives one partition by its own address', async () => {
    expect(await get('/3?after=')).toEqual({
      status: 200,
      body: { partition: 3, entries: [], caughtUp: true },
    });
    expect(await get(`/3/${positionAt(1, 0)}`)).toEqual({ status: 200, body: null });
  });

  test.each([
    ['/3?after=x', 400, 'invalid-parameter'],
    ['/partitions?from=a:b', 400, 'invalid-parameter'],
    ['/3?maxEvents=-1', 400, 'invalid-parameter'],
    ['/nowhere', 404, 'not-found'],
  ])('refuses %s', async (path, status, code) => {
    expect(await get(path)).toMatchObject({ status, body: { code } });
  });

  test('is only read', async () => {
    const headers = { authorization: 'Bearer right' };
    const response = await served(memoryDatabase().reader)(
      new Request('http://x/journal', { method: 'DELETE', headers }),
    );
    expect(response.status).toBe(405);
  });
});

class Place extends command('spec.Place', z.object({ id: z.string() })) {}
class Placed extends event('spec.Placed', z.object({ id: z.string() })) {}
class CountOf extends query('spec.CountOf', z.object({ id: z.string() })).returns<number>() {}

const place = commandHandler(Place, { authorize: anyone }, ({ id }, { session }) =>
  session.append(`order-${id}`, 'any', [new Placed({ id })]),
);
const counts = defineProjection<{ count: number }>({ name: 'counts', version: 1 }).on(
  Placed,
  ({ id }) => id,
  (_event, before) => ({ count: (before?.count ?? 0) + 1 }),
);
const countOf = queryHandler(
  CountOf,
  { authorize: anyone, inject: [readModel(counts)] },
  async ({ id }, _context, model) => (await model.get(id))?.count ?? 0,
);

describe('a read side without access to the write database', () => {
  test('promises 2 and 5: feeds its read models over HTTP, and answers whoever has a receipt', async () => {
    const write = await testApp({ handlers: [place], messages: [Placed] });
    const own = memoryDatabase({ clock: write.clock });
    const read = await createApp({
      name: 'test',
      roles: ['projections', 'queries'],
      handlers: [counts, countOf],
      database: {
        reader: overHttp(write.database.reader),
        subscriptions: own.subscriptions,
        readModels: own.readModels,
      },
      clock: write.clock,
    });
    await read.start();
    const { consistency } = await write.commands.dispatch(new Place({ id: '1' }));
    const asked = read.queries.execute(new CountOf({ id: '1' }), { after: consistency });
    for (let turns = 0; turns < 50; turns++) {
      for (const pump of read.pumps()) await pump.turn();
      await write.advance(100);
    }
    expect(await asked).toBe(1);
    await read.stop();
    await write.stop();
  });

  test('cannot run commands, and is told so at the start', async () => {
    const { reader, subscriptions, readModels } = memoryDatabase();
    await expect(
      createApp({
        name: 'test',
        handlers: [place],
        messages: [Placed],
        database: { reader, subscriptions, readModels },
      }),
    ).rejects.toMatchObject({ faults: [expect.objectContaining({ code: 'write-store-missing' })] });
  });
});

test('promise 8: a write side that takes a request and never answers is given up, whatever becomes of the request', async () => {
  // As a `fetch` that is deaf to its signal: on Node 20 it is, once the garbage collector has come by.
  let given: AbortSignal | undefined;
  const silent = (request: Request) => {
    given = request.signal;
    return new Promise<Response>(() => {});
  };
  const reader = httpJournalReader({ url: 'http://write-side.test', timeoutInMs: 20, fetch: silent });
  await expect(reader.info()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  expect(given?.aborted).toBe(true);
});

test('promise 8: so is one whose answer breaks off without an end', async () => {
  const endless = async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
  const reader = httpJournalReader({ url: 'http://write-side.test', timeoutInMs: 20, fetch: endless });
  await expect(reader.heads()).rejects.toMatchObject({ code: 'unavailable' });
});
