import { ServiceBusClient } from '@azure/service-bus';
import { serviceBusTransport } from '@diptych/azure-adapters/service-bus';
import { relayToTopic } from '@diptych/core';
import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { ratioOf } from '../harness/spread.js';
import { inTurns, type Way } from '../harness/turns.js';
import { type Emulator, emulator } from '../servers/emulator.js';
import { entryAt } from './entries.js';
import { rawMessageOf } from './raw-message.js';

/** As many as the relay is handed at once. */
const batchSize = 500;
const perRound = 10_000;

/** What the relay does with a batch of the journal, beside a loop that fills batches of the SDK. */
export const relay: Line = {
  id: 'messaging/relay',
  title: 'Events of a journal sent to a topic',
  async run() {
    const bus = await emulator('service-bus');
    try {
      const { rates, readings, cpu } = await inTurns(
        [await ours(bus), await byHand(bus)],
        perRound,
        'messages',
      );
      return {
        readings,
        comparisons: [
          compare('our rate / rate by hand', ratioOf(rates[0]!, rates[1]!), byMedian(atLeast(0.8))),
        ],
        checks: [{ what: 'the processor of the client, per message', passed: true, seen: cpu }],
      };
    } finally {
      await bus.stop();
    }
  },
};

async function ours({ connectionString }: Emulator): Promise<Way> {
  const transport = serviceBusTransport({ connectionString });
  const consumer = relayToTopic(transport, 'ours');
  let row = 0;
  return {
    name: 'ours',
    async move(messages) {
      const context = { subscription: 'relay/ours', partition: 0, epoch: 1, checkpoint: undefined };
      for (let sent = 0; sent < messages; sent += batchSize) {
        const items = Array.from({ length: batchSize }, () => entryAt(++row, 0)).flatMap((entry) =>
          consumer.itemsOf(entry),
        );
        await consumer.handle(items, { ...context, abortSignal: new AbortController().signal });
      }
    },
    close: () => transport.close(),
  };
}

async function byHand({ connectionString }: Emulator): Promise<Way> {
  // Made by ours, so that it is the same.
  const transport = serviceBusTransport({ connectionString });
  await transport.audit({ topics: ['by-hand'], queues: [] });
  await transport.close();
  const client = new ServiceBusClient(connectionString);
  const sender = client.createSender('by-hand');
  let row = 0;
  return {
    name: 'by hand',
    async move(messages) {
      for (let sent = 0; sent < messages; sent += batchSize) {
        const some = Array.from({ length: batchSize }, () => rawMessageOf(entryAt(++row, 0)));
        let batch = await sender.createMessageBatch({ maxSizeInBytes: 262_144 });
        for (const message of some) {
          if (batch.tryAddMessage(message)) continue;
          await sender.sendMessages(batch);
          batch = await sender.createMessageBatch({ maxSizeInBytes: 262_144 });
          batch.tryAddMessage(message);
        }
        await sender.sendMessages(batch);
      }
    },
    close: () => client.close(),
  };
}
