import { isDiptychError, type SubscriptionStore } from '@diptych/core';
import { MemorySubscriptionStore } from '@diptych/core/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallingSide } from '../../fixtures/calling-side.js';
import { cosmosGround } from '../../fixtures/cosmos-subscriptions.js';
import { subscriptionCalls } from '../../fixtures/subscription-calls.js';
import { Trouble } from '../../fixtures/troubled-container.js';

const seeds = process.env.DIPTYCH_LONG === '1' ? 1_000 : 50;
const call = subscriptionCalls(1);

/** Of a call's requests that write, or look at what is there now: this one is lost on its way, or its answer is. */
const loss = fc.option(fc.record({ request: fc.nat(3), isDone: fc.boolean() }), { nil: undefined, freq: 2 });

describe('subscriptions on Cosmos DB', () => {
  test(
    'mean what the memory store means, with two processes, also when requests or answers get lost',
    async () => {
      const ground = await cosmosGround();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ one: call, loss }), { minLength: 5, maxLength: 30 }),
          async (calls) => {
            const subscription = `s/${run++}`;
            const trouble = new Trouble();
            const model = new MemorySubscriptionStore(ground.clock);
            const times = { unitInMs: 1, startedAt: ground.clock.now() };
            const side = (store: () => SubscriptionStore) =>
              new CallingSide(
                { ...times, stores: new Map(['a', 'b'].map((owner) => [owner, store()])) },
                subscription,
              );
            const memory = side(() => model);
            const cosmos = side(() => ground.store(trouble));
            for (const { one, loss: lost } of calls) {
              if (one.kind === 'wait') await ground.advanceTime(one.ms);
              const expected = await memory.do(one);
              if (lost !== undefined) trouble[lost.isDone ? 'loseAnswer' : 'loseRequest'](lost.request);
              const answer = await cosmos.do(one).catch((error: unknown) => {
                // The next owner wrote over the place where it would have been seen.
                if (isDiptychError(error, 'outcome-unknown'))
                  return expected === 'fenced' ? 'fenced' : ['fenced'];
                throw error;
              });
              expect(answer, JSON.stringify(one)).toEqual(expected);
              trouble.end();
            }
          },
        ),
        { numRuns: seeds },
      );
      await ground.close();
    },
    seeds * 10_000,
  );
});
