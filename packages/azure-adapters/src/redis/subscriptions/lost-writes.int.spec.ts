import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LosingHistory, losingStep } from '../../fixtures/losing-history.js';
import {
  hasRedis,
  type RedisGround,
  type RedisPlace,
  redisGround,
  redisPlace,
} from '../../fixtures/redis-server.js';

const seeds = process.env.DIPTYCH_LONG === '1' ? 1_000 : 50;

describe.skipIf(!hasRedis)('a subscription in a Redis that loses what it had acknowledged', () => {
  let place: RedisPlace;
  let ground: RedisGround;
  beforeAll(async () => {
    place = await redisPlace();
    ground = await redisGround(place.connection);
  });
  afterAll(async () => {
    await ground?.close();
    await place?.close();
  });

  test(
    'promises 2, 3 and 6: whatever is lost and when, each event counts once and in order, and none stays parked',
    async () => {
      let run = 0;
      const steps = fc.array(losingStep, { minLength: 10, maxLength: 60 });
      const property = fc.asyncProperty(steps, async (history) => {
        const subscription = `lost/${run++}`;
        const store = ground.database.subscriptions;
        const losing = new LosingHistory(ground, store, subscription);
        await losing.run(history);
        for (const [stream, count] of losing.written) {
          const all = Array.from({ length: count }, (_, at) => at + 1);
          expect(losing.effects.versions.get(stream)).toEqual(all);
        }
        expect(await store.listParked({ subscription })).toEqual([]);
        await store.forget(subscription);
      });
      await fc.assert(property, { numRuns: seeds });
    },
    seeds * 10_000,
  );
});
