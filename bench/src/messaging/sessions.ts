import { ServiceBusClient, type ServiceBusSessionReceiver } from '@azure/service-bus';
import { serviceBusTransport } from '@diptych/azure-adapters/service-bus';
import type { PartitionSession } from '@diptych/core';
import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { ratioOf } from '../harness/spread.js';
import { inTurns, type Way } from '../harness/turns.js';
import { type Emulator, emulator } from '../servers/emulator.js';
import { entryAt, partitions } from './entries.js';

const perRound = 6_400;
const maxInFlight = 500;
/** Messages after which memory is taken to have settled. */
const warm = 32_000;

/** Messages of 32 sessions received, and settled once an empty handler is done with them. */
export const sessions: Line = {
  id: 'messaging/sessions',
  title: `Messages of ${partitions} sessions received and settled`,
  async run() {
    const bus = await emulator('service-bus');
    try {
      const ways = [await ours(bus), await byHand(bus)];
      const { rates, readings, cpu } = await inTurns(ways, perRound, 'messages');
      return {
        readings,
        comparisons: [
          compare('our rate / rate by hand', ratioOf(rates[0]!, rates[1]!), byMedian(atLeast(0.8))),
        ],
        checks: [
          { what: 'the processor of the client, per message', passed: true, seen: cpu },
          await memoryOf(bus),
        ],
      };
    } finally {
      await bus.stop();
    }
  },
};

type Send = (messages: number) => Promise<void>;

async function senderTo({ connectionString }: Emulator, topic: string): Promise<Send> {
  const transport = serviceBusTransport({ connectionString });
  await transport.audit({ topics: [topic], queues: [] });
  let row = 0;
  return async (messages) => {
    const perPartition = messages / partitions;
    for (let partition = 0; partition < partitions; partition++) {
      const sent = Array.from({ length: perPartition }, () => {
        const entry = entryAt(++row, partition);
        return { id: entry.id, entry, previous: undefined };
      });
      await transport.publish(topic, partition, sent);
    }
  };
}

async function ours(bus: Emulator): Promise<Way> {
  const { connectionString } = bus;
  const send = await senderTo(bus, 'ours');
  const transport = serviceBusTransport({ connectionString, maxInFlight });
  const subscription = await transport.subscribe('ours', 'ours');
  const all = await Promise.all(
    Array.from({ length: partitions }, (_, partition) => subscription.accept(partition)),
  );
  const open = all.filter((session): session is PartitionSession => session !== undefined);
  let renewAt = performance.now() + open[0]!.renewEveryMs;
  return {
    name: 'ours',
    async move(messages) {
      await send(messages);
      let left = messages;
      // As a subscription does; the SDK's receivers by hand have timers of their own.
      if (performance.now() >= renewAt) {
        await Promise.all(open.map((session) => session.renew()));
        renewAt = performance.now() + open[0]!.renewEveryMs;
      }
      while (left > 0) {
        const handled = await Promise.all(
          open.map(async (session) => {
            const deliveries = await session.receive(maxInFlight);
            await session.settle(deliveries);
            return deliveries.length;
          }),
        );
        left -= handled.reduce((sum, count) => sum + count, 0);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close: () => transport.close(),
  };
}

async function byHand(bus: Emulator): Promise<Way> {
  const { connectionString } = bus;
  const send = await senderTo(bus, 'by-hand');
  const transport = serviceBusTransport({ connectionString });
  await transport.subscribe('by-hand', 'by-hand');
  await transport.close();
  const client = new ServiceBusClient(connectionString);
  let left = 0;
  let done = () => {};
  const handle = async (
    receiver: ServiceBusSessionReceiver,
    message: Parameters<typeof receiver.completeMessage>[0],
  ) => {
    await receiver.completeMessage(message);
    left--;
    if (left === 0) done();
  };
  for (let partition = 0; partition < partitions; partition++) {
    const receiver = await client.acceptSession('by-hand', 'by-hand', String(partition), {
      skipParsingBodyAsJson: true,
    });
    receiver.subscribe(
      { processMessage: (message) => handle(receiver, message), processError: async () => {} },
      { autoCompleteMessages: false, maxConcurrentCalls: maxInFlight },
    );
  }
  return {
    name: 'by hand',
    async move(messages) {
      left = messages;
      const all = new Promise<void>((resolve) => {
        done = resolve;
      });
      await send(messages);
      await all;
    },
    close: () => client.close(),
  };
}

/** What the emulator keeps of messages that are gone. */
async function memoryOf(bus: Emulator) {
  const what = 'the emulator grows by less than 1 MB per 100,000 messages after warming up';
  const way = await ours(bus);
  const move = async (messages: number) => {
    for (let moved = 0; moved < messages; moved += perRound) await way.move(perRound);
  };
  await move(warm);
  const start = await bus.keptMegabytes();
  const counted = 102_400;
  await move(counted);
  const grown = (((await bus.keptMegabytes()) - start) / counted) * 100_000;
  await way.close();
  return { what, passed: grown < 1, seen: `${grown.toFixed(2)} MB, from ${start.toFixed(1)} MB` };
}
