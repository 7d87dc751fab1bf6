import { type NewParkedMessage, positionAt } from '@diptych/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  hasRedis,
  type RedisGround,
  type RedisPlace,
  redisGround,
  redisPlace,
} from '../../fixtures/redis-server.js';

const subscription = 'orders/v1';
const leaseInMs = 100_000;
const partitions = Array.from({ length: 32 }, (_, partition) => partition);
const request = { subscription, owner: 'a', partitions, leaseInMs };
const at = (row: number) => positionAt(row, 0);
const checkpoint = (row: number) => ({ position: at(row), entryId: `entry-${row}` });

function parked(row: number, key: string, delayInMs?: number): NewParkedMessage {
  const failure = { code: 'broken', message: 'It broke.', attempts: 1, delayInMs };
  return { key, position: at(row), messageId: `m${row}`, name: 'test.Happened', failure };
}

describe.skipIf(!hasRedis)('what subscriptions in Redis cost', () => {
  let place: RedisPlace;
  let ground: RedisGround;
  beforeAll(async () => {
    place = await redisPlace();
  });
  afterAll(() => place?.close());
  beforeEach(async () => {
    ground = await redisGround(place.connection);
  });
  afterEach(() => ground?.close());

  /** The commands that clients have sent meanwhile, as the server counts them; what scripts call is not among them. */
  async function commandsOf(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
    // Once before, so that the server knows the script.
    await work();
    const { client } = ground.database;
    const sent = async () => {
      const counts = (await client.info('commandstats')).matchAll(
        /^cmdstat_(evalsha|eval|sadd):calls=(\d+)/gm,
      );
      return Object.fromEntries([...counts].map(([, name, count]) => [name!, Number(count)]));
    };
    const before = await sent();
    await work();
    const after = await sent();
    const counts = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  test('promise 5: the state of a subscription is one command, however many partitions are asked about', async () => {
    const store = ground.database.subscriptions;
    await store.acquire(request);
    expect(await commandsOf(() => store.state(subscription, [7]))).toEqual({ evalsha: 1 });
    expect(await commandsOf(() => store.state(subscription, partitions))).toEqual({ evalsha: 1 });
    expect(await commandsOf(() => store.state(subscription))).toEqual({ evalsha: 1 });
  });

  test('leases of 32 partitions are renewed by one command, beside one that names the subscription', async () => {
    const store = ground.database.subscriptions;
    expect(await commandsOf(() => store.acquire(request))).toEqual({ evalsha: 1, sadd: 1 });
  });

  test('checkpoints of 32 partitions move by one command; so does whatever is parked at once', async () => {
    const store = ground.database.subscriptions;
    const { owned } = await store.acquire(request);
    const moves = owned.map((ownership) => ({ ownership, checkpoint: checkpoint(2) }));
    expect(await commandsOf(() => store.advance(moves))).toEqual({ evalsha: 1 });
    const messages = Array.from({ length: 500 }, (_, row) => parked(row, `k${row % 7}`));
    expect(await commandsOf(() => store.park(owned[0]!, messages))).toEqual({ evalsha: 1 });
    expect((await store.listParked({ subscription })).length).toBe(500);
  });

  test('many parked messages are listed in pages, in order, and found among the others', async () => {
    const store = ground.database.subscriptions;
    const { owned } = await store.acquire(request);
    const messages = Array.from({ length: 2_500 }, (_, row) => parked(row, `k${row % 100}`));
    await store.park(owned[4]!, messages);
    const all = await store.listParked({ subscription });
    expect(all.map(({ position }) => position)).toEqual(messages.map(({ position }) => position));
    const limited = () => store.listParked({ subscription, limit: 40 });
    expect((await limited()).map(({ messageId }) => messageId)).toEqual(
      messages.slice(0, 40).map((one) => one.messageId),
    );
    expect(await commandsOf(limited)).toEqual({ evalsha: 1 });
    expect(await commandsOf(() => store.listParked({ subscription, messageId: 'm2499' }))).toEqual({
      evalsha: 3,
    });
    expect(await store.listParked({ subscription, messageId: 'm2499' })).toMatchObject([
      { position: at(2499) },
    ]);
    expect(await store.listParked({ subscription, state: 'held' })).toHaveLength(100);
    expect(await store.listParked({ subscription, partition: 4, key: 'k7' })).toHaveLength(25);
    expect(await store.listParked({ subscription, partition: 5 })).toEqual([]);
  });

  test('a page is no larger than a megabyte or so, and copies come back whole', async () => {
    const store = ground.database.subscriptions;
    const [ownership] = (await store.acquire(request)).owned;
    const messages = Array.from({ length: 5 }, (_, row) => ({
      ...parked(row, 'k'),
      copy: { data: `${row}${'ü"'.repeat(300_000)}` } as never,
    }));
    await store.park(ownership!, messages);
    const list = () => store.listParked({ subscription });
    expect((await list()).map(({ copy }) => copy)).toEqual(messages.map(({ copy }) => copy));
    expect(await commandsOf(list)).toEqual({ evalsha: 5 });
  });

  test('heads that are due at the same time run in the order of their positions, whatever others wait for', async () => {
    const store = ground.database.subscriptions;
    const [ownership] = (await store.acquire(request)).owned;
    const messages = Array.from({ length: 300 }, (_, row) => parked(row, `k${(row * 7) % 300}`, 300 - row));
    await store.park(ownership!, [...messages, parked(900, 'later', 900_000), parked(901, 'held')]);
    await ground.advanceTime(1_000);
    const rows = async () => (await store.ready(ownership!, 64)).map(({ position }) => position);
    expect(await rows()).toEqual(messages.slice(0, 64).map(({ position }) => position));
    expect(await store.nextDueInMs(ownership!)).toBe(0);
    for (const { key, position } of messages) await store.settleParked(ownership!, key, position);
    expect(await rows()).toEqual([]);
    expect(await store.nextDueInMs(ownership!)).toBeGreaterThan(800_000);
    expect(await store.gatedKeys(ownership!)).toEqual(new Set(['later', 'held']));
  });
});
