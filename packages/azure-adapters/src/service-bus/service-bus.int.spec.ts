import { ServiceBusAdministrationClient, ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { type JournalReader, murmur3, type TransportMessage } from '@diptych/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EmulatedServiceBus, emulatedServiceBus, lockInMs } from '../fixtures/emulated-service-bus.js';
import { messageAt, nextIds } from '../fixtures/messages.js';
import { connect } from './connect.js';
import { encodeMessage } from './message-codec.js';
import { serviceBusTransport } from './service-bus-transport.js';

let world: EmulatedServiceBus;
let administration: ServiceBusAdministrationClient;
beforeEach(async () => {
  world = await emulatedServiceBus();
  ({ administration } = connect({ connectionString: world.bus.connectionString }));
});
afterEach(() => world.close());

async function withClient<T>(use: (client: ServiceBusClient) => Promise<T>): Promise<T> {
  const client = new ServiceBusClient(world.bus.connectionString);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

const sendRaw = (message: ServiceBusMessage) =>
  withClient((client) => client.createSender('events').sendMessages(message));
const deadLetters = () =>
  withClient((client) =>
    client.createReceiver('events', 'orders', { subQueueType: 'deadLetter' }).peekMessages(10),
  );

describe('a message that is none of ours', () => {
  test('promise 6: goes to the dead-letter queue with its reason, and stops nothing', async () => {
    const transport = world.open({ sources: ['shop'] });
    const session = await (await transport.subscribe('events', 'orders')).accept(0);
    await sendRaw({ body: { hello: 'world' }, sessionId: '0' });
    const { entry } = messageAt(1);
    await sendRaw(encodeMessage({ ...messageAt(1), entry: { ...entry, source: 'another' } }));
    await transport.publish('events', 0, [messageAt(1)]);
    expect(await nextIds(session, 1)).toEqual(['message-1']);
    const [foreign, other] = await deadLetters();
    expect(foreign).toMatchObject({ deadLetterReason: 'diptych-attribute', body: { hello: 'world' } });
    expect(other).toMatchObject({
      deadLetterReason: 'diptych-source',
      deadLetterErrorDescription: expect.stringContaining("'another'"),
    });
  });
});

describe('of what was put aside', () => {
  const of = { topic: 'events', subscription: 'orders' };

  /** Somebody else's tool puts all of it aside. */
  const putAside = (count: number, deadLetterReason = 'by hand') =>
    withClient(async (client) => {
      const session = await client.acceptSession('events', 'orders', '0');
      for (const message of await session.receiveMessages(count))
        await session.deadLetterMessage(message, { deadLetterReason, deadLetterErrorDescription: '' });
      await session.close();
    });

  /** A journal with the entries of these messages. */
  const journalOf = (...messages: readonly TransportMessage[]): Pick<JournalReader, 'entryAt'> => ({
    async entryAt(partition, position) {
      const entries = messages.map(({ entry }) => entry);
      return entries.find((entry) => entry.partition === partition && entry.position === position);
    },
  });

  test('what is of our programs is settled, and the rest is told', async () => {
    const transport = world.open({ sources: ['shop'] });
    await transport.subscribe('events', 'orders');
    await transport.publish('events', 0, [messageAt(1), messageAt(2)]);
    await sendRaw({ body: 'x', sessionId: '0', messageId: 'foreign' });
    await putAside(3);
    const expected = [expect.objectContaining({ messageId: 'foreign', reason: 'by hand' })];
    expect(await transport.recoverDeadLetters(of)).toEqual({ settled: 2, left: expected });
    expect(await transport.recoverDeadLetters(of)).toEqual({ settled: 0, left: expected });
  });

  test('promise 2: only what a journal has at that very place is settled, where one is given', async () => {
    const transport = world.open();
    await transport.subscribe('events', 'orders');
    const restored = messageAt(2);
    await transport.publish('events', 0, [messageAt(1), restored, messageAt(3)]);
    await putAside(3);
    const reader = journalOf(messageAt(1), { ...restored, entry: { ...restored.entry, id: 'another' } });
    expect(await transport.recoverDeadLetters(of, { reader })).toEqual({
      settled: 1,
      left: [
        expect.objectContaining({ messageId: 'message-2' }),
        expect.objectContaining({ messageId: 'message-3' }),
      ],
    });
  });

  test('what one of ours has put aside is left alone, whoever else would take it', async () => {
    const transport = world.open({ sources: ['shop'] });
    await transport.subscribe('events', 'orders');
    await transport.publish('events', 0, [messageAt(1)]);
    await putAside(1, 'diptych-source');
    const expected = { settled: 0, left: [expect.objectContaining({ reason: 'diptych-source' })] };
    expect(await transport.recoverDeadLetters(of, { reader: journalOf(messageAt(1)) })).toEqual(expected);
  });

  test('promise 2: nothing is settled where nobody says which is ours', async () => {
    const transport = world.open();
    await transport.subscribe('events', 'orders');
    await expect(transport.recoverDeadLetters(of)).rejects.toMatchObject({
      code: 'option-invalid',
      origin: 'programming',
    });
  });
});

describe('a connection that is cut', () => {
  test('loses sessions, which can be opened again, and nothing else', async () => {
    const transport = world.open();
    const subscription = await transport.subscribe('events', 'orders');
    const session = await subscription.accept(0);
    await transport.publish('events', 0, [messageAt(1), messageAt(2)]);
    await nextIds(session, 2);
    world.bus.cutConnections();
    await expect(lost(session!)).resolves.toBe('session-lost');
    expect(await session!.renew()).toBe(false);
    await transport.publish('events', 0, [messageAt(3)]);
    expect(await nextIds(await subscription.accept(0), 3)).toEqual(['message-1', 'message-2', 'message-3']);
  });

  test('after a message was taken and before that was said: it is sent again, and comes twice under one id', async () => {
    const transport = world.open();
    const session = await (await transport.subscribe('events', 'orders')).accept(0);
    await transport.publish('events', 0, [messageAt(1)]);
    world.faults.add({ on: 'send', fault: 'cut-link', afterEffect: true, times: 1 });
    await transport.publish('events', 0, [messageAt(2)]);
    expect(await nextIds(session, 3)).toEqual(['message-1', 'message-2', 'message-2']);
  });
});

test('promise 8: a session whose connection breaks while it is being closed is given up, and holds up no stop', async () => {
  const transport = world.open();
  const session = await (await transport.subscribe('events', 'orders')).accept(0);
  await transport.publish('events', 0, [messageAt(1)]);
  await nextIds(session, 1);
  const closing = [session!.close(), transport.close()];
  world.bus.cutConnections();
  const ended = Promise.allSettled(closing);
  for (let round = 0; round < 4; round++) {
    await world.arrived();
    await world.clock.advance(5_000);
  }
  await ended;
});

/** Asks until it says that it is lost: the client learns of a cut connection a moment later. */
async function lost(session: { receive(limit: number): Promise<unknown> }): Promise<unknown> {
  for (;;) {
    try {
      await session.receive(1);
    } catch (error) {
      return (error as { code?: string }).code;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a session that brings nothing though there is something is given up at the second look', async () => {
  const transport = world.open();
  const subscription = await transport.subscribe('events', 'orders');
  const session = await subscription.accept(0);
  const mend = world.faults.add({ on: 'deliver', fault: 'delay', delayInMs: 3_600_000 });
  await transport.publish('events', 0, [messageAt(1)]);
  expect(await session!.renew()).toBe(true);
  await world.advanceTime(lockInMs / 2);
  expect(await session!.renew()).toBe(false);
  mend();
  await session!.close();
  expect(await nextIds(await subscription.accept(0), 1)).toEqual(['message-1']);
});

test('a subscription that the broker has deleted is made again at once by those who want to listen', async () => {
  const transport = world.open();
  const subscription = await transport.subscribe('events', 'orders');
  await administration.deleteSubscription('events', 'orders');
  expect(await subscription.accept(0)).toBeUndefined();
  const session = await subscription.accept(0);
  await transport.publish('events', 0, [messageAt(1)]);
  expect(await nextIds(session, 1)).toEqual(['message-1']);
});

test('more than a batch takes goes out in several, none of which is too large, and in order', async () => {
  const transport = world.open();
  const session = await (await transport.subscribe('events', 'orders')).accept(0);
  const large = JSON.stringify('x'.repeat(60_000));
  const sent = Array.from({ length: 12 }, (_, index) => messageAt(index + 1, large));
  await transport.publish('events', 0, sent);
  expect(await nextIds(session, 12)).toEqual(sent.map(({ id }) => id));
});

test('promise 2: a message with an id that the broker does not take stops nothing, and comes with that id', async () => {
  const transport = world.open();
  const session = await (await transport.receive('commands')).accept(0);
  const id = 'customer/'.repeat(20);
  await transport.send('commands', 0, [{ ...messageAt(1), id }, messageAt(2)]);
  expect(await nextIds(session, 2)).toEqual([id, 'message-2']);
});

describe('access', () => {
  test('with a wrong key is refused with a reason, in which the key is not', async () => {
    const connectionString = world.bus.connectionString.replace('SAS_KEY_VALUE', 'not-the-key');
    const refused = await world
      .open({ connectionString, topology: 'assume' })
      .publish('events', 0, [messageAt(1)])
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: expect.stringMatching(/key or credential does not give the right to send to 'events'/),
    });
    const error = refused as Error;
    expect(JSON.stringify([error, error.cause, error.message, String(error.cause)])).not.toContain(
      'not-the-key',
    );
  });

  test('with a text that is no connection string is a fault of the program', () => {
    for (const connectionString of ['', 'shop.servicebus.windows.net', 'Endpoint=sb://x']) {
      expect(() => serviceBusTransport({ connectionString })).toThrow(
        expect.objectContaining({ code: 'service-bus-access' }),
      );
    }
  });
});

describe('the start-up audit', () => {
  const names = { topics: ['events'], queues: ['commands'] };

  test('makes what is missing, and finds nothing wrong with it', async () => {
    expect(await world.open().audit(names)).toEqual([]);
    expect(await world.open({ topology: 'validate' }).audit(names)).toEqual([]);
  });

  test('names what is missing where nothing is to be made', async () => {
    expect(await world.open({ topology: 'validate' }).audit(names)).toEqual([
      "There is no topic 'events'.",
      "There is no queue 'commands'.",
    ]);
    expect(await world.open({ topology: 'assume' }).audit(names)).toEqual([]);
  });

  test('names each setting that would break a promise', async () => {
    await administration.createTopic('events', { defaultMessageTimeToLive: 'P14D' });
    await administration.createQueue('commands', { maxDeliveryCount: 10, autoDeleteOnIdle: 'P1D' });
    expect(await world.open().audit(names)).toEqual([
      expect.stringMatching(/^Topic 'events' throws messages away after P14D/),
      expect.stringMatching(/^Queue 'commands' has no sessions/),
      expect.stringMatching(/^Queue 'commands' puts messages aside after 10 deliveries/),
      expect.stringMatching(/^Queue 'commands' is deleted after P1D/),
    ]);
  });

  test('a subscription that filters is refused: what it does not see is lost', async () => {
    await administration.createTopic('events');
    const name = `orders-v1-${murmur3('orders/v1').toString(16).padStart(8, '0')}`;
    await administration.createSubscription('events', name, {
      requiresSession: true,
      maxDeliveryCount: 2_000,
      defaultRuleOptions: {
        name: 'some',
        filter: { sqlExpression: "cloudEvents_type = 'shop.OrderPlaced'" },
      },
    });
    await expect(world.open().subscribe('events', 'orders/v1')).rejects.toMatchObject({
      code: 'transport-unfit',
      message: expect.stringMatching(/filters what it is sent/),
    });
  });

  test('a subscription made by us deletes itself when nobody listens, and has the settings that promises need', async () => {
    await world.open({ deleteWhenIdleInMs: 600_000 }).subscribe('events', 'orders');
    expect(await administration.getSubscription('events', 'orders')).toMatchObject({
      requiresSession: true,
      maxDeliveryCount: 2_000,
      autoDeleteOnIdle: 'PT10M',
    });
  });
});
