import { type NewParkedMessage, positionAt } from '@diptych/core';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownRedis, type RedisGround, redisGround, redisProgram } from '../../fixtures/redis-server.js';

const subscription = 'orders/v1';
const request = { subscription, partitions: [0], owner: 'a', leaseInMs: 100_000 };
const at = (row: number) => positionAt(row, 0);
const checkpoint = (row: number) => ({ position: at(row), entryId: `entry-${row}` });

function parked(row: number): NewParkedMessage {
  const failure = { code: 'broken', message: 'It broke.', attempts: 1, delayInMs: undefined };
  return { key: 'k', position: at(row), messageId: `m${row}`, name: 'test.Happened', failure };
}

describe.skipIf(redisProgram === undefined)(
  'subscriptions in a Redis that does not take what it is given',
  () => {
    let ground: RedisGround;
    let admin: Redis;
    const closing: (() => Promise<unknown>)[] = [];
    beforeEach(async () => {
      const server = await ownRedis();
      closing.push(() => server.stop());
      admin = new Redis(server.port, '127.0.0.1');
      closing.push(async () => admin.disconnect());
      ground = await redisGround(server.url);
      closing.push(() => ground.close());
    });
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });

    test('a full one takes no checkpoint and parks nothing, lets leases be renewed and parked messages go, and goes on', async () => {
      const { subscriptions: store, client } = ground.database;
      const [owner] = (await store.acquire(request)).owned;
      await store.park(owner!, [parked(1), parked(2), parked(3)]);
      await client.config('SET', 'maxmemory', '1');
      const full = { code: 'memory-full', retryable: true };
      await expect(store.advance([{ ownership: owner!, checkpoint: checkpoint(3) }])).rejects.toMatchObject(
        full,
      );
      await expect(store.park(owner!, [parked(4)])).rejects.toMatchObject(full);
      expect((await store.acquire(request)).owned).toMatchObject([
        { epoch: owner!.epoch, checkpoint: undefined },
      ]);
      expect(await store.settleParked(owner!, 'k', at(1))).toBe('settled');
      expect(await store.discardParked(owner!, 'k', at(2))).toBe('settled');
      expect(await store.discarded(subscription)).toHaveLength(1);
      expect(await store.ready(owner!, 10)).toMatchObject([{ position: at(3), state: 'ready' }]);
      await client.config('SET', 'maxmemory', '0');
      expect(await store.advance([{ ownership: owner!, checkpoint: checkpoint(3) }])).toEqual(['advanced']);
    });

    test('one that was made a replica is out of reach until it serves again', async () => {
      const { subscriptions: store } = ground.database;
      const [owner] = (await store.acquire(request)).owned;
      const advance = () => store.advance([{ ownership: owner!, checkpoint: checkpoint(1) }]);
      await admin.call('REPLICAOF', '127.0.0.1', '1');
      const away = { code: 'unavailable', retryable: true };
      await expect(store.acquire(request)).rejects.toMatchObject(away);
      await expect(advance()).rejects.toMatchObject(away);
      await admin.call('REPLICAOF', 'NO', 'ONE');
      // The connection has been given up, and is made again.
      await expect.poll(() => advance().catch(String)).toEqual(['advanced']);
    });

    test('scripts that a server has forgotten are sent again', async () => {
      const { subscriptions: store, client } = ground.database;
      const [owner] = (await store.acquire(request)).owned;
      await client.script('FLUSH');
      expect(await store.advance([{ ownership: owner!, checkpoint: checkpoint(1) }])).toEqual(['advanced']);
      expect(await store.state(subscription)).toMatchObject([{ checkpoint: checkpoint(1) }]);
    });
  },
);
