import {
  positionAt,
  type QueueTransport,
  type RecordedCommand,
  type TopicSubscription,
  type TransportMessage,
} from '@diptych/core';
import { expect } from 'vitest';
import { type ContractFactory, type ContractSubject, contract } from './contract.js';
import { arriving } from './transport-contract.js';

export interface QueueSubject extends ContractSubject {
  readonly queues: QueueTransport;
  /** Moves the broker's clock on by at least that much; one with a real clock waits. */
  advanceTime(ms: number): Promise<void>;
  /** How long a session is held without a renewal. */
  readonly lockInMs: number;
}

export type QueueFactory = ContractFactory<QueueSubject, never>;

const queue = 'commands';

function commandAt(number: number): TransportMessage {
  const entry: RecordedCommand = {
    kind: 'command',
    id: `command-${number}`,
    name: 'shop.ShipOrder',
    schemaVersion: 1,
    time: '2030-01-01T00:00:00.000Z',
    correlationId: 'correlation',
    causationId: 'cause',
    tenant: 'default',
    subject: { id: 'anna', roles: ['customer'], delegated: true },
    source: 'shop',
    data: '{"orderId":"1"}',
    key: 'order-1',
    partition: 0,
    position: positionAt(number, 0),
  };
  return { id: entry.id, entry, previous: number === 1 ? undefined : positionAt(number - 1, 0) };
}

const commands = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => commandAt(from + index));

async function accept(receiver: TopicSubscription) {
  const session = await receiver.accept(0);
  if (session === undefined) throw new Error('Partition 0 is in other hands.');
  return session;
}

/** What `QueueTransport` means beside what `Transport` means. */
export function queueContract(adapter: string, factory: QueueFactory): void {
  contract('queue transport', adapter, factory, ({ test }) => {
    test('commandRoundTrip: a command arrives as it was sent', async ({ queues }) => {
      const receiver = await queues.receive(queue);
      await queues.send(queue, 0, commands(2, 2));
      const [delivery] = await arriving(await accept(receiver), 1);
      expect(delivery).toEqual({ message: commandAt(2), attempt: 1 });
    });

    test('heldForLater: what was sent while nobody listened is there for the first who does', async (subject) => {
      await (await subject.queues.receive(queue)).close();
      await subject.queues.send(queue, 0, commands(1, 3));
      const session = await accept(await subject.queues.receive(queue));
      expect((await arriving(session, 3)).map(({ message }) => message.id)).toEqual([
        'command-1',
        'command-2',
        'command-3',
      ]);
    });

    test('competingConsumers: of several receivers one has a partition, and each command is done with once', async (subject) => {
      const [one, other] = [await subject.queues.receive(queue), await subject.queues.receive(queue)];
      await subject.queues.send(queue, 0, commands(1, 1));
      const session = await accept(one);
      expect(await other.accept(0)).toBeUndefined();
      await session.settle(await arriving(session, 1));
      await session.close();
      // What comes next is the next one, and not the first once more.
      await subject.queues.send(queue, 0, commands(2, 2));
      expect(await arriving(await accept(other), 1)).toMatchObject([{ message: { id: 'command-2' } }]);
    });

    test('commandNotSettled: after the lock ends another receiver gets it', async (subject) => {
      const [one, other] = [await subject.queues.receive(queue), await subject.queues.receive(queue)];
      await subject.queues.send(queue, 0, commands(1, 1));
      const lost = await accept(one);
      await arriving(lost, 1);
      await subject.advanceTime(subject.lockInMs + 1);
      const session = await accept(other);
      expect(await arriving(session, 1)).toMatchObject([{ message: { id: 'command-1' }, attempt: 2 }]);
      await lost.close();
    });

    test('infrastructure: a sound set-up gives the audit nothing to say', async ({ queues }) => {
      await queues.receive(queue);
      expect(await queues.audit({ topics: [], queues: [queue] })).toEqual([]);
    });
  });
}
