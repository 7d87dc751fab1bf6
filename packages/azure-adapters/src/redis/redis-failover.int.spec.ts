import { noMarks } from '@diptych/core';
import { seededRandom } from '@diptych/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { notingApp } from '../fixtures/noting-app.js';
import { redisPair } from '../fixtures/redis-pair.js';
import { ownRedis, redisGround, redisProgram } from '../fixtures/redis-server.js';
import type { RedisConnection, RedisDatabaseOptions } from './redis-options.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function closed<T extends { close(): Promise<unknown> }>(one: T): T {
  closing.push(() => one.close());
  return one;
}

async function noting(connection: RedisConnection, options: Partial<RedisDatabaseOptions> = {}) {
  const ground = closed(await redisGround(connection, options));
  const noted = await notingApp(ground);
  closing.push(() => noted.app.stop());
  return { ...ground, ...noted };
}

const data = (documents: readonly string[], status: string | null = 'open', amount = 1) => ({
  documents: [...documents],
  status,
  amount,
});

describe.skipIf(redisProgram === undefined)('a Redis that loses what it had acknowledged', () => {
  test('promise 3: what did not reach the replica that takes over is made again, from before the loss', async () => {
    const pair = closed(await redisPair());
    const { app, note, caughtUp, notices } = await noting(pair.url);
    await note('a', data(['a', 'all']));
    await note('b', data(['b', 'all'], 'paid'));
    await app.settled();
    await pair.replicated();
    pair.holdBack();
    await note('a', data(['a', 'new'], 'done'));
    await note('b', data(['all', 'b'], null));
    await app.settled();
    await pair.failOver();
    await caughtUp();
    const rewound = notices.filter((notice) => notice.kind === 'partition-rewound');
    expect(rewound).not.toEqual([]);
    expect(rewound.map(({ to }) => to)).not.toContain(undefined);
  });

  test('promise 3: events that come right after a loss do not hide it', async () => {
    const pair = closed(await redisPair());
    const { app, note, caughtUp } = await noting(pair.url);
    await note('a', data(['a', 'kept']));
    await app.settled();
    await pair.replicated();
    pair.holdBack();
    await note('a', data(['a', 'lost']));
    await app.settled();
    await pair.failOver();
    await note('a', data(['lost', 'a'], 'paid'));
    await caughtUp();
  });

  test('a replica that has everything is no reason to go back', async () => {
    const pair = closed(await redisPair());
    const { app, note, caughtUp, notices, advanceTime } = await noting(pair.url);
    await note('a', data(['a']));
    await app.settled();
    for (let times = 0; times < 3; times++) {
      await pair.replicated();
      await pair.failOver();
      await caughtUp();
      // Whoever feeds the partition has looked at the new server: so much is known of one change, not of two.
      await advanceTime(60_000);
      await app.settled();
    }
    await note('a', data(['a']));
    await caughtUp();
    expect(notices.filter(({ kind }) => kind === 'partition-rewound')).toEqual([]);
  });

  test('promise 5: a query that must have what is lost is told so', async () => {
    const pair = closed(await redisPair());
    const { database, again } = closed(await redisGround(pair.url));
    const copy = { model: 'notes', version: 1, generation: 1 };
    const definition = { model: 'notes', version: 1, indexes: {} };
    await database.readModels.create(definition, copy);
    await pair.replicated();
    pair.holdBack();
    const id = { tenant: 'default', name: 'a' };
    await database.readModels.write(copy, [{ id, body: '{}', marks: noMarks, expectedRevision: undefined }]);
    const reached = { position: '1' as never, entryId: 'e' };
    const evidence = await database.readModels.evidenceOf!(copy, undefined, reached);
    const atLeast = { subscription: 'notes/v1', ranges: [], evidence: [evidence!] };
    const reader = (await again()).readModels.open(definition, copy, 'default', atLeast);
    expect(await reader.get('a')).toEqual({});
    await pair.failOver();
    await expect.poll(() => reader.get('a').catch((error) => error.code)).toBe('documents-lost');
  });

  test('promise 3: a server that starts empty is filled from the beginning', async () => {
    const server = await ownRedis();
    const { app, note, caughtUp, notices } = await noting(server.url);
    await note('a', data(['a', 'all']));
    await note('b', data(['b', 'all'], 'paid'));
    await caughtUp();
    await server.stop();
    const next = await ownRedis({ port: server.port });
    closing.unshift(() => next.stop());
    await note('a', data(['a', 'all'], 'done'));
    await caughtUp();
    expect(notices.map(({ kind }) => kind)).not.toContain('message-parked');
    await app.settled();
  });

  test('promise 3: so is one whose keys were all deleted', async () => {
    const server = await ownRedis();
    closing.push(() => server.stop());
    const { database, note, caughtUp } = await noting(server.url);
    await note('a', data(['a', 'all']));
    await caughtUp();
    await database.client.flushall();
    await note('a', data(['a', 'all'], 'done'));
    await caughtUp();
  });

  test('promise 3: a full server holds up what it cannot take, and loses nothing', async () => {
    const server = await ownRedis();
    closing.push(() => server.stop());
    const { app, database, note, caughtUp, notices } = await noting(server.url);
    await note('a', data(['a']));
    await app.settled();
    await database.client.config('SET', 'maxmemory', '1');
    await note('a', data(['a', 'b'], 'paid'));
    await app.settled();
    await expect
      .poll(() => notices)
      .toContainEqual(
        expect.objectContaining({
          kind: 'partition-paused',
          error: expect.objectContaining({ code: 'memory-full' }),
        }),
      );
    await database.client.config('SET', 'maxmemory', '0');
    await caughtUp();
  });

  test('with replicas to wait for, a checkpoint does not move before they have followed', async () => {
    const pair = closed(await redisPair());
    const waiting = { count: 1, timeoutInMs: 50 };
    const { app, note, caughtUp, notices } = await noting(pair.url, { waitForReplicas: waiting });
    await note('a', data(['a']));
    await caughtUp();
    pair.holdBack();
    await note('a', data(['a', 'b'], 'paid'));
    await app.settled();
    expect(notices).toContainEqual(
      expect.objectContaining({
        kind: 'partition-paused',
        error: expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('replicas') }),
      }),
    );
    await pair.failOver();
    await caughtUp();
    expect(notices.map(({ kind }) => kind)).not.toContain('partition-rewound');
  });

  const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 40 : 4 }, (_, at) => at + 1);
  test.each(seeds)('promise 3: whatever is lost and when, all is there in the end, seed %i', async (seed) => {
    const random = seededRandom(seed);
    const below = (limit: number) => Math.floor(random() * limit);
    const pair = closed(await redisPair());
    const { app, note, caughtUp, advanceTime } = await noting(pair.url);
    for (let round = 0; round < 3; round++) {
      for (let events = 3 + below(12); events > 0; events--) {
        const stream = `s${below(5)}`;
        const status = ['open', 'paid', 'done', null][below(4)]!;
        await note(stream, data([stream, `${stream}-${below(3)}`], status, below(5)));
        if (below(3) === 0) await app.settled();
        if (below(6) === 0) await pair.replicated();
        if (below(6) === 0) pair.holdBack();
        if (below(6) === 0) await advanceTime(below(6_000));
      }
      await pair.failOver();
    }
    await caughtUp();
  });
});
