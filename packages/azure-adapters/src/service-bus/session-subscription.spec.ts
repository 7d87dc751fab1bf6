import type { ServiceBusClient, ServiceBusSessionReceiver } from '@azure/service-bus';
import { FakeClock } from '@diptych/testing';
import { expect, test } from 'vitest';
import { SessionSubscription } from './session-subscription.js';

/** A broker that answers when it is told to. */
function fixture() {
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
  const client = { acceptSession: () => answer } as unknown as ServiceBusClient;
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

test('a broker that never answers may mean that the entity is not there, so it is looked for now and then', async () => {
  const { clock, subscription, provided } = fixture();
  for (let round = 0; round < 7; round++) {
    const accepted = subscription.accept(0);
    await clock.advance(10_000);
    await accepted;
  }
  expect(provided.count).toBe(1);
});

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
