import { type JournalReader, relayToTopic, SubscriptionRunner, type WorkItem } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { standIn } from '@diptych/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmulatedServiceBus, emulatedServiceBus } from '../fixtures/emulated-service-bus.js';
import { messageAt } from '../fixtures/messages.js';
import { serviceBusAdministration } from './connect.js';

let world: EmulatedServiceBus;
beforeEach(async () => {
  world = await emulatedServiceBus();
});
afterEach(() => world.close());

/** A journal whose events go over the bus to one subscription, turned by hand. */
async function program() {
  const { clock } = world;
  const { writeStore, reader, subscriptions: store } = memoryDatabase({ clock, partitions: 1 });
  const transport = world.open();
  const reads = { entries: 0 };
  const counted: JournalReader = standIn<JournalReader>(reader, {
    async read(...of) {
      const slices = await reader.read(...of);
      reads.entries += slices.reduce((sum, { entries }) => sum + entries.length, 0);
      return slices;
    },
  });
  const effects: string[] = [];
  const consumer = {
    itemsOf: (entry: WorkItem['entry']) => (entry.kind === 'event' ? [{ key: entry.stream, entry }] : []),
    async handle(items: readonly WorkItem[]) {
      effects.push(...items.map(({ entry }) => entry.id));
      return [];
    },
  };
  const common = { store, clock, owner: 'one', partitions: 1 };
  const relay = new SubscriptionRunner({
    ...common,
    reader,
    subscription: 'relay/events',
    consumer: relayToTopic(transport, 'events'),
  });
  const arrivals = await transport.subscribe('events', 'orders');
  const runner = new SubscriptionRunner({
    ...common,
    reader: counted,
    subscription: 'orders',
    consumer,
    arrivals,
  });
  const settle = async () => {
    let worked = true;
    while (worked) {
      await world.arrived();
      worked = (await relay.turn()) || (await runner.turn());
    }
  };
  const write = async (id: string) => {
    const {
      stream,
      version: _version,
      partition: _partition,
      position: _position,
      ...event
    } = messageAt(1).entry as Extract<ReturnType<typeof messageAt>['entry'], { kind: 'event' }>;
    await writeStore.commit({
      entries: [
        {
          kind: 'append',
          stream: { tenant: 'default', name: stream },
          expectedVersion: 'any',
          partitionKey: undefined,
          events: [{ ...event, id }],
        },
      ],
    });
  };
  return { settle, write, effects, reads };
}

const waiting = async () => {
  const { connectionString } = world.bus;
  const found = await serviceBusAdministration({ connectionString }).getSubscriptionRuntimeProperties(
    'events',
    'orders',
  );
  return found.activeMessageCount;
};

test('what the bus brings in order is not read in the journal, and is gone from the bus when it is handled', async () => {
  const { settle, write, effects, reads } = await program();
  await settle();
  for (const id of ['1', '2', '3']) await write(id);
  await settle();
  expect(effects).toEqual(['1', '2', '3']);
  expect(reads.entries).toBe(0);
  expect(await waiting()).toBe(0);
});

test('promise 3: an effect whose lock was lost before it was settled is settled when it comes again, and not done again', async () => {
  const { settle, write, effects } = await program();
  await settle();
  world.faults.add({ on: 'settle', fault: 'lose-lock', times: 1 });
  await write('1');
  await settle();
  expect(effects).toEqual(['1']);
  expect(await waiting()).toBe(1);
  await world.advanceTime(2_000);
  await settle();
  // The session is open again; what comes in it wakes the subscription once more.
  await settle();
  expect(effects).toEqual(['1']);
  expect(await waiting()).toBe(0);
  await write('2');
  await settle();
  expect(effects).toEqual(['1', '2']);
});
