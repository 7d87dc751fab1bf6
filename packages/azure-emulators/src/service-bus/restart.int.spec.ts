import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusAdministrationClient, ServiceBusClient } from '@azure/service-bus';
import { afterAll, expect, test } from 'vitest';
import { ManualClock } from '../clock/manual-clock.js';
import { startServiceBus } from './start-service-bus.js';

const folder = mkdtempSync(join(tmpdir(), 'emulator-'));
afterAll(() => rmSync(folder, { recursive: true }));

const Properties = { RequiresSession: true, MaxDeliveryCount: 7 };
const config = {
  UserConfig: {
    Namespaces: [
      {
        Queues: [{ Name: 'orders' }, { Name: 'sessions', Properties }],
        Topics: [
          {
            Name: 'events',
            Subscriptions: [
              {
                Name: 'red',
                Rules: [
                  {
                    Name: 'only',
                    Properties: {
                      SqlFilter: { SqlExpression: "color = 'red'" },
                      Action: { SqlExpression: 'SET seen = 1' },
                    },
                  },
                ],
              },
              { Name: 'labelled', Rules: [{ Name: 'l', Properties: { CorrelationFilter: { Label: 'x' } } }] },
            ],
          },
        ],
      },
    ],
  },
};

/** Uses an emulator on a file until it is stopped. */
async function during<T>(
  file: string,
  clock: ManualClock,
  use: (client: ServiceBusClient) => Promise<T>,
): Promise<T> {
  const bus = await startServiceBus({ file, clock, config });
  const client = new ServiceBusClient(bus.connectionString);
  try {
    return await use(client);
  } finally {
    await client.close();
    await bus.stop();
  }
}

test('messages, their states, entities and session states survive a restart', async () => {
  const [file, clock] = [join(folder, 'bus.json'), new ManualClock()];
  const due = new Date(clock.now() + 3_600_000);
  const deferred = await during(file, clock, async (client) => {
    const sender = client.createSender('orders');
    await sender.sendMessages([
      { body: { n: 1 }, messageId: 'locked', applicationProperties: { a: 'b', n: 1 } },
      { body: Buffer.from([1, 2]), messageId: 'deferred' },
      { body: 'dead', messageId: 'dead' },
    ]);
    await sender.scheduleMessages({ body: 'later', messageId: 'later' }, due);
    const receiver = client.createReceiver('orders');
    const received = await receiver.receiveMessages(3);
    await receiver.deferMessage(received[1]!);
    await receiver.deadLetterMessage(received[2]!, {
      deadLetterReason: 'why',
      deadLetterErrorDescription: 'x',
    });
    await client.createSender('sessions').sendMessages({ body: 's', sessionId: 'one' });
    const session = await client.acceptSession('sessions', 'one');
    await session.setSessionState('half done');
    await client.createSender('events').sendMessages([
      { body: 1, applicationProperties: { color: 'red' } },
      { body: 2, applicationProperties: { color: 'blue' }, subject: 'x' },
    ]);
    return received[1]!.sequenceNumber!;
  });

  await during(file, clock, async (client) => {
    const receiver = client.createReceiver('orders');
    const [locked] = await receiver.receiveMessages(1);
    expect(locked).toMatchObject({
      messageId: 'locked',
      body: { n: 1 },
      applicationProperties: { a: 'b', n: 1 },
    });
    await receiver.completeMessage(locked!);
    const [again] = await receiver.receiveDeferredMessages(deferred);
    expect(again?.body).toEqual(Buffer.from([1, 2]));
    const dead = client.createReceiver('orders', { subQueueType: 'deadLetter' });
    expect(await dead.peekMessages(5)).toMatchObject([{ messageId: 'dead', deadLetterReason: 'why' }]);
    const session = await client.acceptSession('sessions', 'one');
    expect(await session.getSessionState()).toBe('half done');
    expect(await session.receiveMessages(1)).toMatchObject([{ body: 's' }]);
    const red = client.createReceiver('events', 'red');
    expect(await red.receiveMessages(2, { maxWaitTimeInMs: 500 })).toMatchObject([
      { body: 1, applicationProperties: { color: 'red', seen: 1 } },
    ]);
    await client.createSender('events').sendMessages({ body: 3, subject: 'x' });
    const labelled = client.createReceiver('events', 'labelled');
    expect(await labelled.receiveMessages(2)).toMatchObject([{ body: 2 }, { body: 3 }]);
    clock.advance(3_600_001);
    expect(await receiver.receiveMessages(1)).toMatchObject([{ messageId: 'later' }]);
  });
});

test('settings survive as they were', async () => {
  const [file, clock] = [join(folder, 'settings.json'), new ManualClock()];
  const settings = async () => {
    const bus = await startServiceBus({ file, clock, config });
    const administration = new ServiceBusAdministrationClient(bus.connectionString);
    administration.pipeline.addPolicy({
      name: 'http',
      sendRequest(request, next) {
        request.url = request.url.replace(/^https/, 'http');
        request.allowInsecureConnection = true;
        return next(request);
      },
    });
    const { _response, ...found } = await administration.getQueue('sessions');
    await bus.stop();
    return found;
  };
  expect(await settings()).toEqual(await settings());
});

test('a file that is none is named, and left alone', async () => {
  const file = join(folder, 'broken.json');
  writeFileSync(file, '{ half');
  await expect(startServiceBus({ file })).rejects.toThrow(file);
});
