import {
  type Clock,
  type DocumentChange,
  marksOf,
  positionAt,
  type ReadModel,
  systemClock,
} from '@diptych/core';
import { FakeClock, seededRandom } from '@diptych/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type RedisGround,
  type RedisPlace,
  redisGround,
  redisPlace,
  redisProgram,
} from '../../fixtures/redis-server.js';
import { RedisClient, type RedisCommand } from '../redis-client.js';
import { ServerHistories } from '../server-histories.js';
import { RedisReadModelStore } from './redis-read-model-store.js';

const definition = {
  model: 'orders',
  version: 1,
  indexes: { byStatus: { by: ['status'], sort: 'total' }, byTag: { by: ['tags'] } },
};
const copy = { model: 'orders', version: 1, generation: 1 };
const statuses = ['open', 'paid', 'done'];
const tags = ['x', 'y'];
const names = ['a', 'b', 'c', 'd'];
const lateInMs = 120_000;

interface Order {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly tags: readonly string[];
}

/** A client of a process whose connection breaks now and then, before or after the server did what it was told. */
class BreakingClient extends RedisClient {
  readonly #random: () => number;

  constructor(native: RedisClient['native'], random: () => number) {
    super(native);
    this.#random = random;
  }

  override async tryAll(commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    for (let turns = this.#random() * 4; turns > 0; turns--) await new Promise(setImmediate);
    if (this.#random() < 0.06) throw new Error('Connection is closed.');
    const replies = await super.tryAll(commands);
    if (this.#random() < 0.06) throw new Error('Connection is closed.');
    return replies;
  }
}

/** A client whose next command of a kind waits until it is let go. */
class HeldClient extends RedisClient {
  held = Promise.resolve();
  letGo = () => {};
  #meet = (_command: RedisCommand) => false;

  hold(name: string): void {
    const released = new Promise<void>((resolve) => (this.letGo = resolve));
    this.held = new Promise((resolve) => {
      this.#meet = ({ words }) => {
        if (words[0] !== name) return false;
        resolve();
        return true;
      };
    });
    this.#released = released;
  }

  #released = Promise.resolve();

  override async tryAll(commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    if (commands.some((command) => this.#meet(command))) {
      this.#meet = () => false;
      await this.#released;
    }
    return super.tryAll(commands);
  }
}

describe.skipIf(redisProgram === undefined)('what documents are found by', () => {
  let place: RedisPlace;
  beforeAll(async () => {
    place = await redisPlace();
  });
  afterAll(() => place?.close());

  test('a writer that comes late, when its entry was taken for left behind, does not write', async () => {
    const ground = await redisGround(place.connection);
    const client = new HeldClient(ground.database.client);
    const now = new FakeClock();
    const writer = await storeOn(ground, client, now);
    await writer.create(definition, copy);
    for (const order of [steady(1), steady(2), { ...steady(3), id: 'new' }]) {
      const late: Clock = { now: () => now.now() + lateInMs, after: () => () => {} };
      const reader = (await storeOn(ground, new RedisClient(ground.database.client), late)).open(
        definition,
        copy,
        'default',
      );
      client.hold('EVALSHA');
      const writing = write(writer, [order]);
      await client.held;
      await reader.find('byStatus', { status: 'steady' });
      client.letGo();
      expect(await writing).toEqual(['conflict']);
      expect(await write(writer, [order])).not.toContain('conflict');
      expect((await reader.find('byStatus', { status: 'steady' })).documents).toContainEqual(order);
    }
    await ground.close();
  });

  const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 1_000 : 15 }, (_, at) => at + 1);
  test.each(seeds)(
    'whatever writers do and die of, queries find exactly what there is, seed %i',
    async (seed) => {
      const ground = await redisGround(place.connection);
      const random = seededRandom(seed);
      const now = new FakeClock();
      const client = new BreakingClient(ground.database.client, random);
      // Readers whose clock is ahead take what writers on their way have put there for left behind.
      const late: Clock = { now: () => now.now() + lateInMs, after: () => () => {} };
      const own = new RedisClient(ground.database.client);
      const writers = await storeOn(ground, client, now);
      const reader = (await storeOn(ground, client, late)).open<Order>(definition, copy, 'default');
      const sound = await storeOn(ground, own, late);
      await sound.create(definition, copy);
      await write(await storeOn(ground, own, now), [steady(0)]);
      await Promise.all([
        ...Array.from({ length: 3 }, () => writing(writers, random)),
        ...Array.from({ length: 2 }, () => reading(reader, random)),
      ]);
      await expectFound(sound);
      await expectNothingElse(ground, sound);
      await sound.drop(copy);
      expect(await keysOf(ground)).toEqual([expect.stringContaining('dropped')]);
      await ground.close();
    },
  );
});

async function storeOn(
  { prefix }: RedisGround,
  client: RedisClient,
  clock: Clock,
): Promise<RedisReadModelStore> {
  const histories = new ServerHistories(client, systemClock);
  // Once servers are known, what stays where it was is not put there again.
  await histories.look();
  return new RedisReadModelStore({
    client,
    prefix,
    clock,
    histories,
    maxDocumentBytes: undefined,
    waitForReplicas: undefined,
  });
}

/** It has the same status all the time, whatever else changes. */
const steady = (total: number): Order => ({ id: 'steady', status: 'steady', total, tags: [] });

async function write(store: RedisReadModelStore, orders: readonly (Order | { readonly id: string })[]) {
  const ids = orders.map(({ id: name }) => ({ tenant: 'default', name }));
  const stored = await store.load(copy, ids);
  const changes = orders.map(
    (order, at): DocumentChange => ({
      id: ids[at]!,
      body: 'status' in order ? JSON.stringify(order) : null,
      marks: marksOf([[0, positionAt(1, 0)]]),
      expectedRevision: stored[at]?.revision,
    }),
  );
  return store.write(copy, changes);
}

async function writing(store: RedisReadModelStore, random: () => number): Promise<void> {
  const one = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)]!;
  for (let steps = 0; steps < 25; steps++) {
    const id = one(names);
    const order = {
      id,
      status: one(statuses),
      total: Math.floor(random() * 3),
      tags: tags.filter(() => random() < 0.5),
    };
    const changed = random() < 0.2 ? { id } : order;
    const touched = random() < 0.3 ? [changed, steady(Math.floor(random() * 5))] : [changed];
    await write(store, touched).catch(() => undefined);
  }
}

async function reading(model: ReadModel<Order>, random: () => number): Promise<void> {
  for (let steps = 0; steps < 25; steps++) {
    const descending = random() < 0.5;
    const status = statuses[Math.floor(random() * statuses.length)]!;
    const page = await model.find('byStatus', { status }, { descending }).catch(() => undefined);
    for (const order of page?.documents ?? []) expect(order.status).toBe(status);
    const ids = page?.documents.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    const always = await model.find('byStatus', { status: 'steady' }, { descending }).catch(() => undefined);
    if (always !== undefined) expect(always.documents.map(({ id }) => id)).toEqual(['steady']);
    const all = await model.all().catch(() => undefined);
    if (all !== undefined) expect(all.documents.map(({ id }) => id)).toContain('steady');
  }
}

async function expectFound(store: RedisReadModelStore): Promise<void> {
  const model = store.open<Order>(definition, copy, 'default');
  const there = (await model.getMany([...names, 'steady'])).filter((order) => order !== undefined);
  const idsOf = (orders: readonly Order[]) => orders.map(({ id }) => id).sort();
  expect(idsOf((await model.all()).documents)).toEqual(idsOf(there));
  for (const status of [...statuses, 'steady']) {
    const { documents } = await model.find('byStatus', { status });
    expect(idsOf(documents)).toEqual(idsOf(there.filter((order) => order.status === status)));
    expect(documents.map(({ total }) => total)).toEqual(documents.map(({ total }) => total).sort());
  }
  for (const tag of tags) {
    const { documents } = await model.find('byTag', { tags: tag });
    expect(idsOf(documents)).toEqual(idsOf(there.filter((order) => order.tags.includes(tag))));
  }
}

/** What writers left behind is gone once it was come across. */
async function expectNothingElse(ground: RedisGround, store: RedisReadModelStore): Promise<void> {
  const model = store.open<Order>(definition, copy, 'default');
  await store.removeTombstones(copy, 0, 0, () => false);
  const there = (await model.all()).documents;
  const entries = there.reduce((sum, order) => sum + 2 + order.tags.length, 0);
  const sets = (await keysOf(ground)).filter((key) => key.includes(':s:'));
  const counts = await Promise.all(sets.map((key) => (ground.database.client as Redis).zcard(key)));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(entries);
}

function keysOf({ database, prefix }: RedisGround): Promise<readonly string[]> {
  return (database.client as Redis).keys(`${prefix}:*`);
}
