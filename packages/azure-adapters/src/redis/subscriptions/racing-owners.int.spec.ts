import fc from 'fast-check';
import { afterAll, describe, test } from 'vitest';
import { expectAsTold, race, racingRound } from '../../fixtures/racing-owners.js';
import {
  clusterPlace,
  hasRedis,
  type RedisPlace,
  redisGround,
  redisPlace,
  redisProgram,
} from '../../fixtures/redis-server.js';
import { ClientTrouble, TroubledClient } from '../../fixtures/troubled-client.js';
import { RedisSubscriptionStore } from './redis-subscription-store.js';

const seeds = process.env.DIPTYCH_LONG === '1' ? 1_000 : 50;
const places = [
  { name: 'Redis', isThere: hasRedis, start: redisPlace },
  { name: 'a cluster', isThere: redisProgram !== undefined, start: clusterPlace },
];

describe.each(places)('owners that race for a partition in $name', ({ isThere, start }) => {
  let started: RedisPlace | undefined;
  afterAll(() => started?.close());

  test.skipIf(!isThere)(
    'promise 6: have an epoch each; nothing is lost, doubled, or written by an old one, also when answers get lost',
    async () => {
      started = await start();
      const ground = await redisGround(started.connection);
      const { client: native } = ground.database;
      const sound = ground.database.subscriptions;
      let aheadInMs = 0;
      const advanceTime = async (ms: number) => {
        aheadInMs += ms;
      };
      let run = 0;
      const rounds = fc.array(racingRound, { minLength: 2, maxLength: 8 });
      const property = fc.asyncProperty(rounds, async (asked) => {
        const subscription = `race/${run++}`;
        const trouble = new ClientTrouble();
        const stores = ['a', 'b', 'c'].map(
          () =>
            new RedisSubscriptionStore(new TroubledClient(native, trouble, () => aheadInMs), ground.prefix),
        );
        const told = await race({ stores, trouble, advanceTime, mayFail: true }, subscription, asked);
        await expectAsTold(sound, subscription, told);
      });
      await fc.assert(property, { numRuns: seeds });
      await ground.close();
    },
    seeds * 10_000,
  );
});
