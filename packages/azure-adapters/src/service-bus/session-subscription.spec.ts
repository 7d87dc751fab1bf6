import type { ServiceBusClient, ServiceBusSessionReceiver } from '@azure/service-bus';
import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { SessionSubscription } from './session-subscription.js';

const coded = (code: string) => Object.assign(new Error('refused'), { code });

interface FixtureOptions {
  /** What the broker says to whoever asks for a session. Default: nothing before it is told to give one. */
  readonly refusal?: Error;
}

/** A broker that answers when it is told to. */
function fixture({ refusal }: FixtureOptions = {}) {
  const clock = new FakeClock();
  let isClosed = false;
  const receiver = {
    subscribe: () => {},
    async close() {
      isClosed = true;
    },
  } as unknown as ServiceBusSessionReceiver;
  let give = () => {};
  const answer = new Promise<ServiceBusSessionReceiver>((resolve) => {
    give = () => resolve(receiver);
  });
  const asked = () => (refusal === undefined ? answer : Promise.reject(refusal));
  const client = { acceptSession: asked } as unknown as ServiceBusClient;
  const provided = { count: 0 };
  const subscription = new SessionSubscription({
    client,
    clock,
    source: { topic: 'events', subscription: 'orders' },
    sources: undefined,
    lockInMs: 30_000,
    maxInFlight: 10,
    async provide() {
      provided.count += 1;
    },
  });
  return { clock, subscription, give, isClosed: () => isClosed, provided };
}

test('promise 2: a session that the broker does not give is not waited for, and given back when it comes late', async () => {
  const { clock, subscription, give, isClosed } = fixture();
  const accepted = subscription.accept(0);
  await clock.advance(10_000);
  expect(await accepted).toBeUndefined();
  give();
  await clock.advance(0);
  expect(isClosed()).toBe(true);
});

test.each([
  ['does not answer', {}],
  ['says that it is in other hands', { refusal: coded('SessionCannotBeLocked') }],
])(
  'a session of which the broker %s may be one of an entity that is gone, which is looked for now and then',
  async (_what, options) => {
    const { clock, subscription, provided } = fixture(options);
    for (let round = 0; round < 7; round++) {
      const accepted = subscription.accept(0);
      await clock.advance(10_000);
      expect(await accepted).toBeUndefined();
    }
    expect(provided.count).toBe(1);
  },
);

test('promise 8: a stop waits no longer for a broker that does not answer than a closing takes', async () => {
  const { clock, subscription, give, isClosed } = fixture();
  const accepted = subscription.accept(0);
  const closed = subscription.close();
  await clock.advance(5_000);
  await closed;
  give();
  expect(await accepted).toBeUndefined();
  expect(isClosed()).toBe(true);
});

describe('an entity that is gone', () => {
  const gone = () => fixture({ refusal: coded('MessagingEntityNotFound') });

  test('is made again at once, for all partitions together', async () => {
    const { subscription, provided } = gone();
    const accepted = await Promise.all([0, 1, 2].map((partition) => subscription.accept(partition)));
    expect(accepted).toEqual([undefined, undefined, undefined]);
    expect(provided.count).toBe(1);
  });

  test('and stays so is told, and looked for now and then', async () => {
    const { clock, subscription, provided } = gone();
    await subscription.accept(0);
    await expect(subscription.accept(0)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/does not exist.*open partition 0 of 'events\/orders'/),
    });
    expect(provided.count).toBe(1);
    await clock.advance(60_000);
    expect(await subscription.accept(0)).toBeUndefined();
    expect(provided.count).toBe(2);
  });

  test('and was made while the broker was thinking is none', async () => {
    const { clock, subscription, provided } = gone();
    const early = subscription.accept(0);
    await clock.advance(1);
    expect(await early).toBeUndefined();
    expect(provided.count).toBe(1);
  });
});
