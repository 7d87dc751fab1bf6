import type { SubscriptionStore } from '@diptych/core';
import { MemorySubscriptionStore } from '@diptych/core/memory';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CallingSide } from '../../fixtures/calling-side.js';
import {
  hasRedis,
  type RedisGround,
  type RedisPlace,
  redisGround,
  redisPlace,
} from '../../fixtures/redis-server.js';
import { subscriptionCalls } from '../../fixtures/subscription-calls.js';

const seeds = process.env.DIPTYCH_LONG === '1' ? 1_000 : 50;
/** The server's time goes on while a test runs: it must not matter in the results. */
const unitInMs = 10_000;

describe.skipIf(!hasRedis)('subscriptions in Redis', () => {
  let place: RedisPlace;
  let ground: RedisGround;
  let startedAt: () => number;
  beforeAll(async () => {
    place = await redisPlace();
    ground = await redisGround(place.connection);
    const began = ground.clock.now();
    startedAt = () => Date.now() + ground.clock.now() - began;
  });
  afterAll(async () => {
    await ground?.close();
    await place?.close();
  });

  test(
    'mean what the memory store means, with two processes',
    async () => {
      const other = await ground.again();
      let run = 0;
      const calls = fc.array(subscriptionCalls(unitInMs), { minLength: 5, maxLength: 30 });
      const property = fc.asyncProperty(calls, async (asked) => {
        const subscription = `s/${run++}`;
        const model = new MemorySubscriptionStore(ground.clock);
        const side = (stores: readonly SubscriptionStore[], time: number) =>
          new CallingSide(
            {
              unitInMs,
              startedAt: time,
              stores: new Map(stores.map((store, at) => [at === 0 ? 'a' : 'b', store])),
            },
            subscription,
          );
        const memory = side([model, model], ground.clock.now());
        const redis = side([ground.database.subscriptions, other.subscriptions], startedAt());
        for (const one of asked) {
          if (one.kind === 'wait') await ground.advanceTime(one.ms);
          expect(await redis.do(one), JSON.stringify(one)).toEqual(await memory.do(one));
        }
      });
      await fc.assert(property, { numRuns: seeds });
    },
    seeds * 10_000,
  );
});
