import type {
  MessageHandlers,
  ServiceBusReceivedMessage,
  ServiceBusSessionReceiver,
} from '@azure/service-bus';
import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { messageAt } from '../fixtures/messages.js';
import { encodeMessage } from './message-codec.js';
import { ServiceBusSession } from './service-bus-session.js';

const unanswered = () => new Promise<never>(() => {});

/** A session whose broker gives these answers. */
function fixture(answers: Partial<ServiceBusSessionReceiver> = {}) {
  const clock = new FakeClock();
  let handlers: MessageHandlers | undefined;
  const receiver = {
    isClosed: false,
    subscribe(given: MessageHandlers) {
      handlers = given;
    },
    async close() {},
    async completeMessage() {},
    async renewSessionLock() {},
    async peekMessages() {
      return [];
    },
    ...answers,
  } as unknown as ServiceBusSessionReceiver;
  const session = new ServiceBusSession(receiver, {
    partition: 0,
    sources: undefined,
    lockInMs: 30_000,
    maxInFlight: 10,
    clock,
    onArrival: () => {},
    onClosed: () => {},
  });
  /** A message comes. While its place is taken the SDK asks for no other one. */
  const bring = (message: Partial<ServiceBusReceivedMessage>) => {
    const place = { isFree: false };
    void handlers!.processMessage(message as ServiceBusReceivedMessage).then(() => {
      place.isFree = true;
    });
    return place;
  };
  const bringNext = (version: number) =>
    bring(encodeMessage(messageAt(version)) as ServiceBusReceivedMessage);
  return { clock, session, bring, bringNext, breaks: () => handlers!.processError({} as never) };
}

describe('a broker that does not answer', () => {
  test('promise 8: a settlement is waited for five seconds, and the session given up: what was not settled comes again', async () => {
    const { clock, session, bringNext } = fixture({ completeMessage: unanswered });
    bringNext(1);
    const settled = session.settle(await session.receive(10));
    await clock.advance(5_000);
    await settled;
    await expect(session.receive(10)).rejects.toMatchObject({ code: 'session-lost' });
  });

  test('a renewal is waited for five seconds, and the session given up', async () => {
    const { clock, session } = fixture({ renewSessionLock: unanswered });
    const renewed = session.renew();
    await clock.advance(5_000);
    expect(await renewed).toBe(false);
  });
});

describe('a session that was lost', () => {
  test('asks for nothing more: each delivery to it would count, and another session has to bring what it held', async () => {
    const { clock, session, bringNext, breaks } = fixture();
    const held = bringNext(1);
    const out = await session.receive(10);
    await breaks();
    const late = bringNext(2);
    await session.settle(out);
    await session.close();
    await clock.advance(0);
    expect([held.isFree, late.isFree]).toEqual([false, false]);
  });

  test('by its time asks for nothing more either', async () => {
    const { clock, session, bringNext } = fixture();
    const held = bringNext(1);
    const out = await session.receive(10);
    await clock.advance(30_000);
    await session.settle(out);
    await clock.advance(0);
    expect(held.isFree).toBe(false);
  });

  test('while something foreign could not be put aside asks for nothing more either', async () => {
    const { clock, session, bring } = fixture({ deadLetterMessage: () => Promise.reject(new Error('lost')) });
    const foreign = bring({ body: 'x' });
    await clock.advance(0);
    expect(foreign.isFree).toBe(false);
    await expect(session.receive(10)).rejects.toMatchObject({ code: 'session-lost' });
  });
});

test('a message that was settled makes room for another one', async () => {
  const { clock, session, bringNext } = fixture();
  const [first, second] = [bringNext(1), bringNext(2)];
  await session.settle(await session.receive(1));
  await clock.advance(0);
  expect([first.isFree, second.isFree]).toEqual([true, false]);
});
