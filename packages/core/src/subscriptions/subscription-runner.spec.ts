import { memoryDatabase } from '@diptych/core/memory';
import { FakeClock } from '@diptych/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { FailedItem, WorkItem } from './consumer.js';
import { SubscriptionRunner } from './subscription-runner.js';

const running: SubscriptionRunner[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((runner) => runner.stop()));
});

function fixture() {
  const clock = new FakeClock();
  const { writeStore, reader, subscriptions } = memoryDatabase({ clock, partitions: 2 });
  const seen: string[] = [];
  const state = { isDown: false, isBroken: false, asked: 0 };
  const store = new Proxy(subscriptions, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      if (name === 'onChange') return value.bind(object);
      return async (...input: unknown[]) => {
        state.asked += 1;
        if (state.isDown) throw new UnavailableError('out of reach');
        return value.apply(object, input) as unknown;
      };
    },
  });
  const consumer = {
    itemsOf: (entry: JournalEntry): readonly WorkItem[] =>
      entry.kind === 'event' ? [{ key: entry.stream, entry }] : [],
    async handle(items: readonly WorkItem[]): Promise<readonly FailedItem[]> {
      const [first] = items;
      if (state.isBroken && first !== undefined) return [{ item: first, error: new Error('broken') }];
      seen.push(...items.map(({ entry }) => entry.id));
      return [];
    },
  };
  const runner = new SubscriptionRunner({
    subscription: 'spec/v1',
    consumer,
    store,
    reader,
    owner: 'one',
    partitions: 2,
    clock,
    parking: { immediate: 0, delaysInMs: [100, 100, 100, 100] },
    observe: () => {
      throw new Error('An observer that fails is its own business.');
    },
  });
  running.push(runner);
  let turns = 0;
  const turn = runner.turn.bind(runner);
  runner.turn = () => {
    turns += 1;
    return turn();
  };
  const write = async (id: string) => {
    const event = {
      kind: 'event' as const,
      id,
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
    const stream = { tenant: 'default', name: 's' };
    await writeStore.commit({
      entries: [{ kind: 'append', stream, expectedVersion: 'any', partitionKey: undefined, events: [event] }],
    });
    await clock.advance(0);
  };
  /** How many turns it takes to let that much time pass. */
  const turnsIn = async (ms: number) => {
    const before = turns;
    await clock.advance(ms);
    return turns - before;
  };
  return { clock, reader, runner, seen, state, write, turnsIn };
}

describe('a subscription that runs by itself', () => {
  test('is woken by the commit in the same process', async () => {
    const { runner, write, seen, clock } = fixture();
    runner.start();
    await clock.advance(0);
    await write('1');
    expect(seen).toEqual(['1']);
  });

  test('listens once, however often it is told to start', async () => {
    const { runner, reader } = fixture();
    const listens = vi.spyOn(reader, 'onCommit');
    runner.start();
    runner.start();
    expect(listens).toHaveBeenCalledTimes(1);
  });

  test('looks again after each poll, and no oftener', async () => {
    const { runner, turnsIn } = fixture();
    runner.start();
    await turnsIn(0);
    expect(await turnsIn(10_000)).toBeLessThanOrEqual(13);
  });

  test('tries a parked message again when it is due', async () => {
    const { runner, write, seen, state, clock, turnsIn } = fixture();
    runner.start();
    await clock.advance(0);
    state.isBroken = true;
    await write('1');
    state.isBroken = false;
    await turnsIn(99);
    expect(seen).toEqual([]);
    await turnsIn(1);
    expect(seen).toEqual(['1']);
  });

  test('does not spin while it is told to pause, though a message is due', async () => {
    const { runner, write, state, turnsIn } = fixture();
    runner.start();
    await turnsIn(0);
    state.isBroken = true;
    await write('1');
    runner.pause();
    expect(await turnsIn(10_000)).toBeLessThanOrEqual(13);
  });

  test('does not spin while the subscription store is out of reach, though a message is due', async () => {
    const { runner, write, state, turnsIn } = fixture();
    runner.start();
    await turnsIn(0);
    state.isBroken = true;
    await write('1');
    state.isDown = true;
    expect(await turnsIn(60_000)).toBeLessThanOrEqual(60);
    state.isDown = false;
    state.isBroken = false;
    await turnsIn(40_000);
    expect(runner.status().every((one) => one.state === 'running' && one.parkedKeys === 0)).toBe(true);
  });

  test('promise 8: stop gives the partitions back, and nothing happens afterwards', async () => {
    const { runner, write, seen, turnsIn, state } = fixture();
    runner.start();
    await turnsIn(0);
    await runner.stop();
    const { asked } = state;
    await write('1');
    expect(await turnsIn(60_000)).toBe(0);
    expect(seen).toEqual([]);
    expect(state.asked).toBe(asked);
  });
});
