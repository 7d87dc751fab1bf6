import { seededRandom } from '@diptych/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { notingApp } from '../../fixtures/noting-app.js';
import { redisPair } from '../../fixtures/redis-pair.js';
import { redisGround, redisProgram } from '../../fixtures/redis-server.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function noting() {
  const pair = await redisPair();
  closing.push(() => pair.close());
  const ground = await redisGround(pair.url);
  closing.push(() => ground.close());
  const noted = await notingApp(ground, { subscriptionsToo: true });
  closing.push(() => noted.app.stop());
  return { pair, ...ground, ...noted };
}

const data = (documents: readonly string[], status: string | null = 'open', amount = 1) => ({
  documents: [...documents],
  status,
  amount,
});

describe.skipIf(redisProgram === undefined)(
  'checkpoints and leases in a Redis whose replica takes over',
  () => {
    test('promise 3: what did not reach the replica is handled again, and counts once', async () => {
      const { app, pair, note, caughtUp, notices } = await noting();
      await note('a', data(['a', 'all']));
      await app.settled();
      await pair.replicated();
      pair.holdBack();
      await note('a', data(['a', 'new'], 'done'));
      await note('b', data(['all', 'b'], 'paid'));
      await app.settled();
      await pair.failOver();
      await caughtUp();
      // The owner was told more than the server knows, or lost its lease while there was none, or the read model's evidence
      // said so: whichever came first, nobody went on as if nothing had been.
      expect(notices.map(({ kind }) => kind)).toSatisfy(
        (kinds: readonly string[]) => kinds.includes('partition-left') || kinds.includes('partition-rewound'),
      );
    });

    test('a replica that has everything takes over, and its owners go on', async () => {
      const { app, pair, note, caughtUp, notices } = await noting();
      await note('a', data(['a']));
      await app.settled();
      await pair.replicated();
      await pair.failOver();
      await caughtUp();
      await note('a', data(['a'], 'paid'));
      await caughtUp();
      expect(notices).not.toContainEqual(expect.objectContaining({ kind: 'partition-left', reason: 'lost' }));
    });

    test('promise 6: a message that was parked in what was lost is parked again, and nothing overtakes it', async () => {
      const { app, pair, database, note, caughtUp, broken, advanceTime } = await noting();
      const { subscriptions } = database;
      /** Whatever is parked fails the app's own settling. */
      const settled = () => app.settled().catch(() => {});
      const parked = async () => {
        await advanceTime(6_000);
        await settled();
        const list = await subscriptions.listParked({}).catch(() => []);
        return list.map(({ position, state }) => `${position} ${state}`);
      };
      await note('a', data(['a']));
      await settled();
      await pair.replicated();
      pair.holdBack();
      broken.add('bad');
      await note('a', data(['bad']));
      await note('a', data(['a', 'b'], 'paid'));
      await expect.poll(parked).toHaveLength(1);
      const before = await parked();
      await pair.failOver();
      // The owner, if it went by what it remembers, would park this one alone.
      await note('a', data(['bad', 'a'], 'done'));
      await expect.poll(parked, { timeout: 20_000 }).toEqual([...before, expect.stringMatching('waiting')]);
      broken.clear();
      const [head] = await subscriptions.listParked({ limit: 1 });
      expect(await subscriptions.requestRetry(head!)).toBe('requested');
      await settled();
      await caughtUp();
      expect(await subscriptions.listParked({})).toEqual([]);
    });

    const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 40 : 3 }, (_, at) => at + 1);
    test.each(seeds)(
      'promises 2 and 3: whatever is lost and when, all is there in the end, seed %i',
      async (seed) => {
        const random = seededRandom(seed);
        const below = (limit: number) => Math.floor(random() * limit);
        const { app, pair, note, caughtUp, advanceTime } = await noting();
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
      },
    );
  },
);
