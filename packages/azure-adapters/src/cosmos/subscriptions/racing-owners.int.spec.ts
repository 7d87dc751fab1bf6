import fc from 'fast-check';
import { describe, test } from 'vitest';
import { cosmosGround } from '../../fixtures/cosmos-subscriptions.js';
import { expectAsTold, race, racingRound } from '../../fixtures/racing-owners.js';
import { Trouble } from '../../fixtures/troubled-container.js';

const seeds = process.env.DIPTYCH_LONG === '1' ? 1_000 : 50;

/** How far the replicas are behind that answer reads. */
const lag = fc.constantFrom(0, 0, 400, 60_000);

describe('owners that race for a partition on Cosmos DB', () => {
  test(
    'promise 6: have an epoch each; nothing is lost, doubled, or written by an old one, also when answers get lost and replicas lag',
    async () => {
      const ground = await cosmosGround();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(racingRound, { minLength: 2, maxLength: 8 }),
          lag,
          async (rounds, lagInMs) => {
            const subscription = `race/${run++}`;
            ground.cosmos.lagBy(lagInMs);
            const trouble = new Trouble();
            const stores = ['a', 'b', 'c'].map(() => ground.store(trouble));
            const { advanceTime } = ground;
            const told = await race({ stores, trouble, advanceTime }, subscription, rounds);
            ground.cosmos.lagBy(0);
            await expectAsTold(ground.store(), subscription, told);
          },
        ),
        { numRuns: seeds },
      );
      await ground.close();
    },
    seeds * 10_000,
  );
});
