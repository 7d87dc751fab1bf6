import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../journal/journal-entry.js';
import { SubscriptionRunner } from '../subscriptions/subscription-runner.js';
import { bytesOf, largestEnvelopeBytes } from '../transports/message-size.js';
import type { Delivery } from '../transports/transport.js';
import { publishedMessageId } from './published-message-id.js';
import { relayName, relayToTopic } from './relay-consumer.js';

const envelope = (id: string, kind: 'event' | 'command' = 'event', data = '{}') => ({
  kind,
  id,
  name: 'spec.Happened',
  schemaVersion: 1,
  time: '2030-01-01T00:00:00.000Z',
  correlationId: 'c',
  causationId: 'c',
  tenant: 'default',
  subject: { id: '', roles: [] },
  source: 'spec',
  data,
});

function fixture() {
  const clock = new FakeClock();
  const { writeStore, reader, subscriptions: store } = memoryDatabase({ clock, partitions: 1 });
  const transport = memoryTransport({ clock });
  const start = (owner: string, maxEvents = 500) =>
    new SubscriptionRunner({
      subscription: relayName('events'),
      consumer: relayToTopic(transport, 'events'),
      limits: { maxEvents, maxBytes: 1_048_576 },
      store,
      reader,
      owner,
      partitions: 1,
      clock,
    });
  const write = (id: string) => {
    const stream = { tenant: 'default', name: 's' };
    const events = [envelope(id)];
    return writeStore.commit({
      entries: [{ kind: 'append', stream, expectedVersion: 'any', partitionKey: undefined, events }],
    });
  };
  const send = (id: string) =>
    writeStore.commit({ entries: [{ kind: 'send', key: 'k', command: envelope(id, 'command') }] });
  const settle = async (runner: SubscriptionRunner) => {
    while (await runner.turn());
  };
  return { clock, transport, store, start, write, send, settle };
}

async function received({ transport }: ReturnType<typeof fixture>): Promise<readonly Delivery[]> {
  const session = await (await transport.subscribe('events', 'spec')).accept(0);
  const deliveries = (await session?.receive(1_000)) ?? [];
  await session?.close();
  return deliveries;
}

const chain = (deliveries: readonly Delivery[]) =>
  deliveries.map(({ message }, index) => message.previous === deliveries[index - 1]?.message.entry.position);

describe('the relay', () => {
  test('publishes the events of a partition in order, each naming the one before, and no commands', async () => {
    const world = fixture();
    await world.transport.subscribe('events', 'spec');
    const runner = world.start('one', 2);
    for (const id of ['1', '2', '3']) {
      await world.write(id);
      await world.send(`command-${id}`);
    }
    await world.settle(runner);
    await world.send('command-4');
    await world.settle(runner);
    await world.write('4');
    await world.settle(runner);
    const deliveries = await received(world);
    expect(deliveries.map(({ message }) => message.entry.id)).toEqual(['1', '2', '3', '4']);
    expect(chain(deliveries)).toEqual([true, true, true, true]);
  });

  test('crashBeforeMarkResendsSameId: what goes out again has the same id and the same place', async () => {
    const world = fixture();
    await world.transport.subscribe('events', 'spec');
    for (const id of ['1', '2', '3']) await world.write(id);
    world.transport.faults.next('failPublish');
    const runner = world.start('one', 2);
    await world.settle(runner);
    await world.clock.advance(1_000);
    await world.settle(runner);
    const ids = (await received(world)).map(({ message }) => message.id);
    expect(new Set(ids).size).toBe(3);
    expect(runner.status()).toMatchObject([{ state: 'running' }]);
  });

  test('orderPerKeyKRelaysOneDead: the next owner never names one that was not published', async () => {
    const world = fixture();
    await world.transport.subscribe('events', 'spec');
    await world.write('1');
    await world.settle(world.start('one'));
    await world.send('command');
    await world.write('2');
    await world.clock.advance(60_000);
    await world.settle(world.start('two'));
    const [first, second] = await received(world);
    expect(second?.message.previous).toBeDefined();
    expect((second?.message.previous as string) >= (first?.message.entry.position as string)).toBe(true);
  });

  test('a relay pauses and parks nothing while the broker is down', async () => {
    const world = fixture();
    const runner = world.start('one');
    await world.write('1');
    world.transport.faults.next('failPublish', 3);
    for (let round = 0; round < 3; round++) {
      await world.settle(runner);
      await world.clock.advance(500);
    }
    expect(runner.status()).toMatchObject([{ state: 'paused', parkedKeys: 0 }]);
    expect(await world.store.listParked({})).toEqual([]);
  });

  test('the id of a message follows from source, tenant, stream and version alone', () => {
    const entry = {
      ...envelope('1'),
      kind: 'event',
      stream: 's',
      version: 1,
      partition: 0,
      position: '0',
    } as unknown as RecordedEvent;
    const id = publishedMessageId(entry);
    // printf '["spec","default","s",1]' | sha256sum
    expect(id).toBe('8e11130687d9aaf8cdf745e8ad81d452bbc0f3e7f5e184a3d52a9625e0b48ace');
    expect(publishedMessageId({ ...entry, id: '2', data: '{"x":1}' })).toBe(id);
    for (const other of [{ source: 'x' }, { tenant: 'x' }, { stream: 'x' }, { version: 2 }]) {
      expect(publishedMessageId({ ...entry, ...other })).not.toBe(id);
    }
  });

  test('an envelope of the largest size fits a message', () => {
    const maxMessageBytes = 10_000;
    const largest = largestEnvelopeBytes({ capabilities: { ordered: true, maxMessageBytes } }) as number;
    const empty = JSON.stringify(envelope('1')).length;
    const data = 'x'.repeat(largest - empty + 2);
    const stored = {
      ...envelope('1', 'event', data),
      stream: 's'.repeat(1_000),
      version: 9e15,
      partition: 31,
      position: 'f'.repeat(20),
    };
    expect(JSON.stringify(envelope('1', 'event', data)).length).toBe(largest);
    expect(
      bytesOf({ id: 'f'.repeat(64), entry: stored, previous: 'f'.repeat(20) } as never),
    ).toBeLessThanOrEqual(maxMessageBytes);
    expect(
      largestEnvelopeBytes({ capabilities: { ordered: true, maxMessageBytes: undefined } }),
    ).toBeUndefined();
  });
});
