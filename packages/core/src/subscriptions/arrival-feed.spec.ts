import { type MemoryTransport, memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { FakeClock, standIn } from '@diptych/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { positionAt } from '../partitions/position.js';
import { relayToTopic } from '../relay/relay-consumer.js';
import type { Delivery } from '../transports/transport.js';
import { chainOf } from './chain.js';
import type { WorkItem } from './consumer.js';
import { SubscriptionRunner } from './subscription-runner.js';

const topic = 'events';
const pollInMs = 1_000;

interface FixtureOptions {
  readonly maxEvents?: number;
  /** The second time that a session is asked for, the broker answers only then. */
  readonly secondAnswerAfter?: Promise<void>;
}

async function fixture({ maxEvents = 500, secondAnswerAfter = Promise.resolve() }: FixtureOptions = {}) {
  const clock = new FakeClock();
  const { writeStore, reader, subscriptions: store } = memoryDatabase({ clock, partitions: 1 });
  const transport: MemoryTransport = memoryTransport({ clock, lockInMs: 60_000 });
  const seen: number[] = [];
  const notices: string[] = [];
  const reads = { count: 0, entries: 0 };
  const counted: JournalReader = Object.assign(Object.create(reader) as JournalReader, {
    info: () => reader.info(),
    entryAt: (...at: Parameters<JournalReader['entryAt']>) => reader.entryAt(...at),
    read: async (...from: Parameters<JournalReader['read']>) => {
      const slices = await reader.read(...from);
      reads.count += 1;
      reads.entries += slices.reduce((sum, { entries }) => sum + entries.length, 0);
      return slices;
    },
    onCommit: undefined,
  });
  const consumer = {
    itemsOf: (entry: WorkItem['entry']) => (entry.kind === 'event' ? [{ key: entry.stream, entry }] : []),
    async handle(items: readonly WorkItem[]) {
      for (const { entry } of items) if (entry.kind === 'event') seen.push(entry.version);
      return [];
    },
  };
  const common = { store, owner: 'one', partitions: 1, clock };
  const relay = new SubscriptionRunner({
    ...common,
    subscription: 'relay/events',
    reader,
    consumer: relayToTopic(transport, topic),
  });
  const arrivals = await transport.subscribe(topic, 's/v1');
  let asked = 0;
  const slow = standIn(arrivals, {
    async accept(partition) {
      if (++asked === 2) await secondAnswerAfter;
      return arrivals.accept(partition);
    },
  });
  const runner = new SubscriptionRunner({
    ...common,
    subscription: 's/v1',
    reader: counted,
    consumer,
    arrivals: slow,
    limits: { maxEvents, maxBytes: 1_000_000 },
    observe: ({ kind }) => notices.push(kind),
  });
  const settle = async (...pumps: SubscriptionRunner[]) => {
    for (const pump of pumps) while (await pump.turn());
  };
  const write = async () => {
    const event = {
      kind: 'event' as const,
      id: crypto.randomUUID(),
      name: 'spec.Happened',
      schemaVersion: 1,
      time: new Date(clock.now()).toISOString(),
      correlationId: 'c',
      causationId: 'c',
      tenant: 'default',
      subject: { id: '', roles: [] },
      source: 'spec',
      data: '{}',
    };
    await writeStore.commit({
      entries: [
        {
          kind: 'append',
          stream: { tenant: 'default', name: 's' },
          expectedVersion: 'any',
          partitionKey: undefined,
          events: [event],
        },
      ],
    });
    await settle(relay);
  };
  // The first look is always into the journal; what follows is about arrivals.
  await write();
  await settle(runner);
  reads.count = 0;
  reads.entries = 0;
  const journal = async () =>
    (await reader.readAll(undefined, { maxEvents: 1_000, maxBytes: 1_000_000 })).entries;
  return { clock, transport, runner, relay, seen, reads, write, settle, store, arrivals, journal, notices };
}

describe('a subscription fed by an ordered transport', () => {
  test('takes what arrives, and leaves the journal alone', async () => {
    const { write, settle, runner, seen, reads, arrivals } = await fixture();
    for (let round = 0; round < 3; round++) await write();
    await settle(runner);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(reads.entries).toBe(0);
    expect((arrivals as unknown as { size: number }).size).toBe(0);
  });

  test('promise 2: fills a gap from the journal at once', async () => {
    const { write, settle, runner, seen, transport } = await fixture();
    transport.faults.next('drop');
    await write();
    await write();
    await settle(runner);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('promise 2: a lost last message costs one poll', async () => {
    const { write, settle, runner, seen, transport, clock } = await fixture();
    transport.faults.next('drop');
    await write();
    await settle(runner);
    expect(seen).toEqual([1]);
    await clock.advance(pollInMs);
    await settle(runner);
    expect(seen).toEqual([1, 2]);
  });

  test('promise 3: injectedDuplicate: what comes again is settled and not handled', async () => {
    const { write, settle, runner, seen, transport, arrivals } = await fixture();
    transport.faults.next('duplicate', 2);
    await write();
    await write();
    await settle(runner);
    expect(seen).toEqual([1, 2, 3]);
    expect((arrivals as unknown as { size: number }).size).toBe(0);
  });

  test('what was seen before, however much of it, keeps what stands behind it waiting for no poll', async () => {
    const { write, settle, runner, seen, transport, journal } = await fixture({ maxEvents: 2 });
    for (let round = 0; round < 3; round++) await write();
    await settle(runner);
    // A relay that took over sends again what its predecessor had sent.
    const sent = await journal();
    const again = sent.map((entry, index) => ({ id: entry.id, entry, previous: sent[index - 1]?.position }));
    await transport.publish(topic, 0, again);
    await write();
    await settle(runner);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('a lost session costs nothing but a look into the journal, and is opened again', async () => {
    const { write, settle, runner, seen, transport, clock, reads } = await fixture();
    transport.faults.next('loseSession');
    await write();
    await settle(runner);
    expect(seen).toEqual([1, 2]);
    await clock.advance(pollInMs);
    await settle(runner);
    reads.entries = 0;
    await write();
    await settle(runner);
    expect(seen).toEqual([1, 2, 3]);
    expect(reads.entries).toBe(0);
  });

  test('a broker that takes its time holds up nothing, and what it gives later is used', async () => {
    let give = () => {};
    const asked = new Promise<void>((resolve) => {
      give = resolve;
    });
    const { clock, transport, write, settle, runner, seen, reads } = await fixture({
      secondAnswerAfter: asked,
    });
    transport.faults.next('loseSession');
    await write();
    await settle(runner);
    await clock.advance(pollInMs);
    await write();
    const settled = settle(runner);
    await clock.advance(200);
    await settled;
    expect(seen).toEqual([1, 2, 3]);
    // Asked once, it is not waited for again.
    await clock.advance(pollInMs);
    await write();
    await settle(runner);
    expect(seen).toEqual([1, 2, 3, 4]);
    give();
    await settle(runner);
    reads.entries = 0;
    await write();
    await settle(runner);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(reads.entries).toBe(0);
  });

  test('a broker that refuses a session is told of once, and once more when it gives it: the journal hides it', async () => {
    const away = Promise.reject(new UnavailableError('The broker is away.'));
    away.catch(() => {});
    const { clock, transport, write, settle, runner, notices } = await fixture({ secondAnswerAfter: away });
    const told = () => notices.filter((kind) => kind.startsWith('arrivals'));
    transport.faults.next('loseSession');
    for (let round = 0; round < 2; round++) {
      await write();
      await settle(runner);
      await clock.advance(pollInMs);
    }
    expect(told()).toEqual(['arrivals-paused']);
    await settle(runner);
    expect(told()).toEqual(['arrivals-paused', 'arrivals-resumed']);
  });

  test('accepting a session raises the epoch', async () => {
    const { store } = await fixture();
    expect((await store.state('s/v1'))[0]).toMatchObject({ owner: 'one', epoch: 2 });
  });

  test('a seizure whose answer is lost costs nothing but a look at who owns what', async () => {
    const { write, settle, runner, seen, store } = await fixture();
    await store.seize({ subscription: 's/v1', partition: 0, owner: 'one', leaseInMs: 30_000 });
    await write();
    await settle(runner);
    expect(seen.at(-1)).toBe(2);
    expect((await store.state('s/v1'))[0]?.checkpoint).toMatchObject({ position: positionAt(2, 0) });
  });

  test('one that lost its partition gives its session back, and with it what it was given', async () => {
    const { write, settle, runner, store, arrivals, seen } = await fixture();
    await settle(runner);
    await store.seize({ subscription: 's/v1', partition: 0, owner: 'two', leaseInMs: 60_000 });
    await write();
    await settle(runner);
    expect(runner.status()).toEqual([]);
    const session = await arrivals.accept(0);
    expect(await session?.receive(10)).toMatchObject([{ message: { entry: { version: 2 } } }]);
    expect(seen).toEqual([1, 2]);
  });

  test('a stopped one gives its session back', async () => {
    const { runner, arrivals } = await fixture();
    expect(await arrivals.accept(0)).toBeUndefined();
    await runner.stop();
    expect(await arrivals.accept(0)).toBeDefined();
  });

  test('promise 8: a stop does not wait for a broker that takes its time, and what that gives later goes back', async () => {
    let give = () => {};
    const secondAnswerAfter = new Promise<void>((resolve) => {
      give = resolve;
    });
    const { clock, transport, write, settle, runner, arrivals } = await fixture({ secondAnswerAfter });
    transport.faults.next('loseSession');
    await write();
    await settle(runner);
    await clock.advance(pollInMs);
    const settled = settle(runner);
    await clock.advance(200);
    await settled;
    await runner.stop();
    give();
    await clock.advance(0);
    expect(await arrivals.accept(0)).toBeDefined();
  });
});

describe('the chain rule', () => {
  const delivery = (row: number, previous: number | undefined): Delivery => ({
    message: {
      id: `${row}`,
      entry: { position: positionAt(row, 0) } as never,
      previous: previous === undefined ? undefined : positionAt(previous, 0),
    },
    attempt: 1,
  });

  test('promise 2: whatever is dropped, doubled or late, what it gives is next in order without a hole', () => {
    const rows = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat(9)), fc.option(fc.nat(40)), (unsorted, dice, at) => {
        const published = [...unsorted].sort((one, other) => one - other);
        const roll = () => dice.next().value as number;
        const arrived = published.flatMap((row, index) => {
          const one = delivery(row, published[index - 1]);
          if (roll() < 2) return [];
          return roll() < 2 ? [one, one] : [one];
        });
        const checkpoint = at === null ? undefined : positionAt(at, 0);
        const { entries, hasGap, seen } = chainOf(arrived, checkpoint);
        const next = published.filter((row) => at === null || row > at).map((row) => positionAt(row, 0));
        expect(entries.map(({ position }) => position)).toEqual(next.slice(0, entries.length));
        expect(seen.every(({ message }) => message.entry.position <= (checkpoint as string))).toBe(true);
        const last = arrived.at(-1)?.message.entry.position;
        if (!hasGap && last !== undefined && (checkpoint === undefined || last > checkpoint)) {
          expect(entries.at(-1)?.position).toBe(last);
        }
      }),
      { numRuns: 500 },
    );
  });
});
