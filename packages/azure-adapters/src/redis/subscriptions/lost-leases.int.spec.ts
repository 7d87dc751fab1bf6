import { type Ownership, positionAt, type SubscriptionStore } from '@diptych/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { momentOf } from '../../fixtures/redis-moment.js';
import {
  hasRedis,
  type RedisGround,
  type RedisPlace,
  redisGround,
  redisPlace,
} from '../../fixtures/redis-server.js';

const subscription = 'orders/v1';
const leaseInMs = 100_000;
const at = (row: number) => positionAt(row, 0);
const checkpoint = (row: number) => ({ position: at(row), entryId: `entry-${row}` });
const failure = { code: 'broken', message: 'It broke.', attempts: 1, delayInMs: undefined };
const parked = (row: number) => ({
  key: 'k',
  position: at(row),
  messageId: `entry-${row}`,
  name: 'test.Happened',
  failure,
});

describe.skipIf(!hasRedis)('an owner in a Redis that goes back to an earlier moment', () => {
  let place: RedisPlace;
  let ground: RedisGround;
  let store: SubscriptionStore;
  let other: SubscriptionStore;
  beforeAll(async () => {
    place = await redisPlace();
  });
  afterAll(() => place?.close());
  beforeEach(async () => {
    ground = await redisGround(place.connection);
    store = ground.database.subscriptions;
    other = (await ground.again()).subscriptions;
  });
  afterEach(() => ground?.close());

  async function acquire(by: SubscriptionStore, owner: string) {
    const { owned } = await by.acquire({ subscription, partitions: [0], owner, leaseInMs });
    return owned[0];
  }

  const advance = (by: SubscriptionStore, ownership: Ownership, row: number) =>
    by.advance([{ ownership, checkpoint: checkpoint(row) }]);

  test('promise 6: whose parked message and checkpoint are lost writes nothing more, and begins anew with what is there', async () => {
    const owner = (await acquire(store, 'a'))!;
    await advance(store, owner, 1);
    const comeBack = await momentOf(ground);
    await store.park(owner, [parked(2)]);
    await advance(store, owner, 2);
    await comeBack();
    expect(await advance(store, owner, 3)).toEqual(['fenced']);
    expect(await store.rewind(owner, undefined)).toBe('fenced');
    expect(await store.park(owner, [parked(3)])).toBe('fenced');
    expect(await store.settleParked(owner, 'k', at(2))).toBe('fenced');
    expect(await store.gatedKeys(owner)).toBe('fenced');
    expect(await store.ready(owner, 10)).toEqual([]);
    const again = (await acquire(store, 'a'))!;
    expect(again.epoch).toBeGreaterThan(owner.epoch + 1);
    expect(again.checkpoint).toEqual(checkpoint(1));
    expect(await store.gatedKeys(again)).toEqual(new Set());
    expect(await advance(store, again, 2)).toEqual(['advanced']);
    expect(await advance(store, owner, 3)).toEqual(['fenced']);
  });

  test('of whom nothing is lost goes on under the same epoch', async () => {
    const owner = (await acquire(store, 'a'))!;
    await store.park(owner, [parked(1)]);
    await advance(store, owner, 1);
    await (await momentOf(ground))();
    expect((await acquire(store, 'a'))!.epoch).toBe(owner.epoch);
    expect(await store.gatedKeys(owner)).toEqual(new Set(['k']));
    expect(await advance(store, owner, 2)).toEqual(['advanced']);
  });

  test('what only was looked at counts as well: who saw a parked message does not go on without it', async () => {
    const owner = (await acquire(store, 'a'))!;
    const comeBack = await momentOf(ground);
    await other.park(owner, [parked(1)]);
    expect(await store.gatedKeys(owner)).toEqual(new Set(['k']));
    await comeBack();
    expect(await advance(store, owner, 1)).toEqual(['fenced']);
  });

  test('an operator’s wishes do not stand in for what the owner has lost', async () => {
    const owner = (await acquire(store, 'a'))!;
    await store.park(owner, [parked(1)]);
    const comeBack = await momentOf(ground);
    await advance(store, owner, 1);
    await comeBack();
    expect(await other.requestRetry({ subscription, partition: 0, key: 'k', position: at(1) })).toBe(
      'requested',
    );
    expect(await advance(store, owner, 2)).toEqual(['fenced']);
  });

  test('who took over in what was lost has nothing; who had it before goes on, for as long as it has all', async () => {
    const first = (await acquire(store, 'a'))!;
    const comeBack = await momentOf(ground);
    const second = await other.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    await advance(other, second, 5);
    await comeBack();
    expect(await advance(other, second, 6)).toEqual(['fenced']);
    expect(await acquire(other, 'b')).toBeUndefined();
    expect(await advance(store, first, 1)).toEqual(['advanced']);
    const third = await other.seize({ subscription, partition: 0, owner: 'b', leaseInMs });
    expect(third.epoch).toBeGreaterThan(second.epoch);
    expect(third.checkpoint).toEqual(checkpoint(1));
    expect(await advance(other, second, 6)).toEqual(['fenced']);
  });

  // Two owners may be given the same number in one millisecond: owner and epoch are compared.
  test.each([0, -300_000])(
    'an epoch that was lost is not given again to its owner, on a server whose clock is %i ms ahead',
    async (aheadInMs) => {
      const comeBack = await momentOf(ground);
      const given = new Set<string>();
      const seize = async (by: SubscriptionStore, owner: string) => {
        const { epoch } = await by.seize({ subscription, partition: 0, owner, leaseInMs });
        expect(Number.isSafeInteger(epoch)).toBe(true);
        given.add(`${owner} ${epoch}`);
      };
      for (const owner of ['a', 'b', 'a']) {
        await seize(store, owner);
        await seize(store, owner);
        await comeBack();
      }
      await seize((await ground.again({}, { aheadInMs: () => aheadInMs })).subscriptions, 'c');
      expect(given.size).toBe(7);
    },
  );

  test('who seizes again what it has, and was told all of it, gets the next epoch: nobody was in between', async () => {
    const owner = (await acquire(store, 'a'))!;
    await advance(store, owner, 1);
    const next = await store.seize({ subscription, partition: 0, owner: 'a', leaseInMs });
    expect(next.epoch).toBe(owner.epoch + 1);
    const comeBack = await momentOf(ground);
    await advance(store, next, 2);
    await comeBack();
    const after = await store.seize({ subscription, partition: 0, owner: 'a', leaseInMs });
    expect(after.epoch).toBeGreaterThan(next.epoch + 1);
    expect(after.checkpoint).toEqual(checkpoint(1));
  });

  test('a Redis that was emptied begins anew: nobody has anything, and epochs go on', async () => {
    const owner = (await acquire(store, 'a'))!;
    await advance(store, owner, 7);
    await store.forget(subscription, { discardsToo: true });
    expect(await ground.database.client.keys(`${ground.prefix}:*`)).toEqual([]);
    expect(await advance(store, owner, 8)).toEqual(['fenced']);
    const again = (await acquire(store, 'a'))!;
    expect(again.checkpoint).toBeUndefined();
    expect(again.epoch).toBeGreaterThan(owner.epoch + 1);
  });
});
