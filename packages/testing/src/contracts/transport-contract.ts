import {
  type Delivery,
  type PartitionSession,
  positionAt,
  type RecordedEvent,
  type TopicSubscription,
  type Transport,
  type TransportMessage,
} from '@diptych/core';
import { expect } from 'vitest';
import { type ContractFactory, type ContractSubject, type ContractSuite, contract } from './contract.js';

export interface TransportSubject extends ContractSubject {
  readonly transport: Transport;
  /** Moves the transport's clock on by at least that much; one with a real clock waits. */
  advanceTime(ms: number): Promise<void>;
  /** How long a session is held without a renewal. */
  readonly lockInMs: number;
}

/** `ordered`: messages of a partition arrive in order, in sessions. `limit`: it has a largest message. */
export type TransportCapability = 'ordered' | 'limit';
export type TransportFactory = ContractFactory<TransportSubject, TransportCapability>;
type Suite = ContractSuite<TransportSubject, TransportCapability>;

const topic = 'events';

function messageAt(version: number, data = '{}'): TransportMessage {
  const entry: RecordedEvent = {
    kind: 'event',
    id: `event-${version}`,
    name: 'shop.OrderPlaced',
    schemaVersion: 1,
    time: '2030-01-01T00:00:00.000Z',
    correlationId: 'correlation',
    causationId: 'cause',
    tenant: 'default',
    subject: { id: 'anna', roles: ['customer'] },
    source: 'shop',
    data,
    stream: 'order-1',
    version,
    partition: 0,
    position: positionAt(version, 0),
  };
  return {
    id: `message-${version}`,
    entry,
    previous: version === 1 ? undefined : positionAt(version - 1, 0),
  };
}

const messages = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => messageAt(from + index));

async function publish({ transport }: TransportSubject, sent: readonly TransportMessage[], partition = 0) {
  // Those are messages of partition 0; each broker keeps them where they say that they belong.
  const ofPartition = sent.map((message) => ({ ...message, entry: { ...message.entry, partition } }));
  await transport.publish(topic, partition, ofPartition);
}

async function accept(subscription: TopicSubscription, partition = 0) {
  const session = await subscription.accept(partition);
  if (session === undefined) throw new Error(`Partition ${partition} is in other hands.`);
  return session;
}

/** What a broker at the other end of a wire has on its way arrives in the end: it is asked again and again. */
export async function arriving(session: PartitionSession, count: number): Promise<readonly Delivery[]> {
  const received: Delivery[] = [];
  while (received.length < count) {
    received.push(...(await session.receive(count - received.length)));
    await nextTurn();
  }
  return received;
}

/** Lets input and output happen. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What `Transport` means. */
export function transportContract(adapter: string, factory: TransportFactory): void {
  contract('transport', adapter, factory, (suite) => {
    suite.capability('ordered', { has: () => ordered(suite), lacks: () => unordered(suite) });
    audits(suite);
    suite.capability('limit', { has: () => limited(suite), lacks: () => unlimited(suite) });
  });
}

function ordered({ test }: Suite): void {
  test('roundTrip: an entry arrives as it was sent, with its id and the one before it', async (subject) => {
    const subscription = await subject.transport.subscribe(topic, 'a');
    const sent = messageAt(2, JSON.stringify({ name: 'Größe "日本" 💡', nested: [1, null] }));
    await publish(subject, [sent]);
    const [delivery] = await arriving(await accept(subscription), 1);
    expect(delivery).toEqual({ message: sent, attempt: 1 });
  });

  test('wakes: a listener is told of a partition that is held, until it stops listening', async (subject) => {
    const subscription = await subject.transport.subscribe(topic, 'a');
    await accept(subscription, 3);
    await wakes(subject, subscription);
  });

  test('emptyReceive: gives nothing when there is nothing', async ({ transport }) => {
    const session = await accept(await transport.subscribe(topic, 'a'));
    expect(await session.receive(10)).toEqual([]);
  });

  test('fifoPerKey: a partition keeps its order, within a batch and from batch to batch', async (subject) => {
    const session = await accept(await subject.transport.subscribe(topic, 'a'));
    await publish(subject, messages(1, 3));
    await publish(subject, messages(4, 5));
    const received = [...(await arriving(session, 2)), ...(await arriving(session, 3))];
    expect(received.map(({ message }) => message.entry.id)).toEqual([1, 2, 3, 4, 5].map((n) => `event-${n}`));
  });

  test('partitionsApart: each partition has its own messages', async (subject) => {
    const subscription = await subject.transport.subscribe(topic, 'a');
    await publish(subject, messages(1, 1), 0);
    await publish(subject, messages(2, 2), 1);
    const one = await accept(subscription, 1);
    expect((await arriving(one, 1)).map(({ message }) => message.id)).toEqual(['message-2']);
  });

  test('publishReachesEachSubscriberOnce', async (subject) => {
    const [a, b] = [
      await subject.transport.subscribe(topic, 'a'),
      await subject.transport.subscribe(topic, 'b'),
    ];
    await publish(subject, messages(1, 1));
    await publish(subject, messages(2, 2));
    for (const subscription of [a, b]) {
      const received = await arriving(await accept(subscription), 2);
      expect(received.map(({ message }) => message.id)).toEqual(['message-1', 'message-2']);
    }
  });

  test('onlyFromThenOn: a subscription holds what is published after it was made, also while nobody listens', async (subject) => {
    await publish(subject, messages(1, 1));
    await (await subject.transport.subscribe(topic, 'a')).close();
    await publish(subject, messages(2, 2));
    const session = await accept(await subject.transport.subscribe(topic, 'a'));
    expect((await arriving(session, 1)).map(({ message }) => message.id)).toEqual(['message-2']);
  });

  test('keyNeverConcurrent: a partition is in the hands of one receiver at a time', async ({ transport }) => {
    const subscription = await transport.subscribe(topic, 'a');
    const session = await accept(subscription);
    expect(await subscription.accept(0)).toBeUndefined();
    await session.close();
    expect(await subscription.accept(0)).toBeDefined();
  });

  test('settled: what is done with does not come again', async (subject) => {
    const subscription = await subject.transport.subscribe(topic, 'a');
    await publish(subject, messages(1, 3));
    const session = await accept(subscription);
    await session.settle((await arriving(session, 3)).slice(0, 2));
    await session.close();
    const again = await arriving(await accept(subscription), 1);
    expect(again.map(({ message }) => message.id)).toEqual(['message-3']);
  });

  test('unsettledIsRedelivered: after the lock ends another receiver gets it, and the attempt counts', async (subject) => {
    const subscription = await subject.transport.subscribe(topic, 'a');
    await publish(subject, messages(1, 2));
    await arriving(await accept(subscription), 2);
    await subject.advanceTime(subject.lockInMs + 1);
    const again = await arriving(await accept(subscription), 2);
    expect(again).toMatchObject([
      { message: { id: 'message-1' }, attempt: 2 },
      { message: { id: 'message-2' }, attempt: 2 },
    ]);
  });

  test('abandoned: what is given back comes again, in order', async (subject) => {
    const session = await accept(await subject.transport.subscribe(topic, 'a'));
    await publish(subject, messages(1, 2));
    await arriving(session, 2);
    expect(await session.receive(10)).toEqual([]);
    await session.abandon();
    expect((await arriving(session, 2)).map(({ message }) => message.id)).toEqual(['message-1', 'message-2']);
  });

  test('renewal: a session that is renewed is kept', async ({ transport, advanceTime, lockInMs }) => {
    const subscription = await transport.subscribe(topic, 'a');
    const session = await accept(subscription);
    await advanceTime(lockInMs * 0.6);
    expect(await session.renew()).toBe(true);
    await advanceTime(lockInMs * 0.6);
    expect(await subscription.accept(0)).toBeUndefined();
  });

  test('sessionLockLostMidHandler: the old receiver is told, settles nothing, and the messages come again', async (subject) => {
    const subscription = await subject.transport.subscribe(topic, 'a');
    await publish(subject, messages(1, 1));
    const old = await accept(subscription);
    const deliveries = await arriving(old, 1);
    await subject.advanceTime(subject.lockInMs + 1);
    const session = await accept(subscription);
    await old.settle(deliveries);
    expect(await old.renew()).toBe(false);
    await expect(old.receive(10)).rejects.toMatchObject({ code: 'session-lost', origin: 'infrastructure' });
    await old.close();
    expect(await arriving(session, 1)).toHaveLength(1);
  });

  test('manyConcurrentNoLoss: publishers of many partitions do not disturb each other', async (subject) => {
    const subscription = await subject.transport.subscribe(topic, 'a');
    const partitions = [0, 1, 2, 3, 4];
    await Promise.all(partitions.map((partition) => publish(subject, messages(1, 20), partition)));
    for (const partition of partitions)
      expect(await arriving(await accept(subscription, partition), 20)).toHaveLength(20);
  });
}

function unordered({ test }: Suite): void {
  test('wakes: a listener is told of the partition, until it stops listening', async (subject) => {
    await wakes(subject, await subject.transport.subscribe(topic, 'a'));
  });

  test('noSessions: partitions cannot be opened, so the events come from the journal', async ({
    transport,
  }) => {
    expect(await (await transport.subscribe(topic, 'a')).accept(0)).toBeUndefined();
  });
}

async function wakes(subject: TransportSubject, subscription: TopicSubscription): Promise<void> {
  const heard: (number | undefined)[] = [];
  const stop = subscription.onArrival((partition) => heard.push(partition));
  await publish(subject, messages(1, 1), 3);
  while (heard.length === 0) await nextTurn();
  expect(new Set(heard)).toEqual(new Set([3]));
  stop();
  const told = heard.length;
  await publish(subject, messages(2, 2), 3);
  expect(heard).toHaveLength(told);
}

function audits({ test }: Suite): void {
  test('infrastructure: a sound set-up gives the audit nothing to say', async ({ transport }) => {
    expect(await transport.audit({ topics: [topic], queues: [] })).toEqual([]);
  });
}

function limited({ test }: Suite): void {
  test('oversize: a message over the limit is refused with a typed error', async ({ transport }) => {
    const limit = transport.capabilities.maxMessageBytes as number;
    const tooLarge = messageAt(1, JSON.stringify('x'.repeat(limit)));
    await expect(transport.publish(topic, 0, [tooLarge])).rejects.toMatchObject({
      code: 'message-too-large',
    });
  });
}

function unlimited({ test }: Suite): void {
  test('large: a message of a megabyte goes out', async (subject) => {
    await subject.transport.subscribe(topic, 'a');
    await publish(subject, [messageAt(1, JSON.stringify('x'.repeat(1_000_000)))]);
  });
}
