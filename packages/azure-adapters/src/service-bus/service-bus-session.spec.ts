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
