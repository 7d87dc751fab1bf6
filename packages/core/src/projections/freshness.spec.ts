import { FakeClock } from '@diptych/testing';
import { describe, expect, test } from 'vitest';
import { formatConsistency } from '../journal/consistency-token.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { MemorySubscriptionStore } from '../memory/memory-subscription-store.js';
import { positionAt } from '../partitions/position.js';
import type { NewParkedMessage } from '../subscriptions/parked-message.js';
import { globalPartition, wholePartition } from '../subscriptions/subscription-store.js';
import { Freshness } from './freshness.js';

const subscription = 'orders/v1';
const at = (row: number) => positionAt(row, 0);

/** A subscription whose one owner does what the test says, and a journal that has come to row 100 everywhere. */
async function world({ partition = 0, maxWaiting = 1_000 } = {}) {
  const clock = new FakeClock();
  const store = new MemorySubscriptionStore(clock);
  const looks = { states: 0, parked: 0, journal: 0 };
  const asked: (readonly number[] | undefined)[] = [];
  const counted: MemorySubscriptionStore = Object.assign(Object.create(store), {
    state: (name: string, partitions?: readonly number[]) => {
      looks.states++;
      asked.push(partitions);
      return store.state(name, partitions);
    },
    listParked: (query: object) => {
      looks.parked++;
      return store.listParked(query);
    },
    onChange: (listener: (name: string) => void) => store.onChange(listener),
  });
  const reader = {
    info: async () => ({ incarnation: 'i', partitions: 2 }),
    heads: async () => {
      looks.journal++;
      return new Map([0, 1].map((one) => [one, at(100)]));
    },
  } as unknown as JournalReader;
  const freshness = new Freshness({ subscriptions: counted, reader, clock, maxWaiting });
  const [ownership] = (
    await store.acquire({ subscription, partitions: [partition], owner: 'o', leaseInMs: 1e9 })
  ).owned;
  return {
    clock,
    store,
    freshness,
    looks,
    asked,
    advance: (row: number) =>
      store.advance([{ ownership: ownership!, checkpoint: { position: at(row), entryId: '' } }]),
    park: (key: string, row: number, delayInMs?: number | 'follower') => {
      const failure: NewParkedMessage['failure'] =
        delayInMs === 'follower' ? undefined : { code: 'broken', message: '', attempts: 1, delayInMs };
      return store.park(ownership!, [{ key, position: at(row), messageId: 'm', name: 'n', failure }]);
    },
    settle: (key: string, row: number) => store.settleParked(ownership!, key, at(row)),
  };
}

function token(first: number, last = first, partition = 0) {
  return formatConsistency({ incarnation: 'i', ranges: [{ partition, first: at(first), last: at(last) }] });
}

/** Lets everything run that can without time passing, and tells how the wait stands. */
async function outcomeOf(waiting: Promise<unknown>, clock: FakeClock): Promise<string> {
  let outcome = 'waiting';
  waiting.then(
    () => (outcome = 'fresh'),
    (error: { readonly code: string }) => (outcome = error.code),
  );
  await clock.advance(0);
  return outcome;
}

describe('promise 5: waiting for what a receipt names', () => {
  test('ends at once when the checkpoint has passed it, and costs one look', async () => {
    const { freshness, advance, clock, looks } = await world();
    await advance(5);
    expect(await outcomeOf(freshness.waitUntil([subscription], token(4, 5)), clock)).toBe('fresh');
    expect(looks).toEqual({ states: 1, parked: 0, journal: 0 });
  });

  test('asks about the partitions that somebody waits for alone, once it knows how the subscription is divided', async () => {
    for (const partition of [0, globalPartition]) {
      const { freshness, advance, clock, asked } = await world({ partition });
      await advance(5);
      for (const _ of [1, 2]) await outcomeOf(freshness.waitUntil([subscription], token(4)), clock);
      expect(asked).toEqual([undefined, [partition]]);
    }
  });

  test('is woken by the checkpoint, with no time passing', async () => {
    const { freshness, advance, clock } = await world();
    const waiting = freshness.waitUntil([subscription], token(4, 5));
    expect(await outcomeOf(waiting, clock)).toBe('waiting');
    await advance(4);
    expect(await outcomeOf(waiting, clock)).toBe('waiting');
    await advance(5);
    expect(await outcomeOf(waiting, clock)).toBe('fresh');
  });

  test('waits for each partition and each subscription', async () => {
    const { freshness, advance, clock } = await world();
    const ranges = [0, 1].map((partition) => ({ partition, first: at(1), last: at(1) }));
    const both = formatConsistency({ incarnation: 'i', ranges });
    await advance(5);
    expect(await outcomeOf(freshness.waitUntil([subscription], both), clock)).toBe('waiting');
    expect(await outcomeOf(freshness.waitUntil([subscription, 'other/v1'], token(1)), clock)).toBe('waiting');
    expect(await outcomeOf(freshness.waitUntil([], token(1)), clock)).toBe('fresh');
  });

  test('compares with the one checkpoint of a subscription over all partitions', async () => {
    const { freshness, advance, clock } = await world({ partition: globalPartition });
    await advance(5);
    expect(await outcomeOf(freshness.waitUntil([subscription], token(5, 5, 1)), clock)).toBe('fresh');
    expect(await outcomeOf(freshness.waitUntil([subscription], token(6, 6, 1)), clock)).toBe('waiting');
  });

  test('one look serves all who wait', async () => {
    const { freshness, advance, clock, looks } = await world();
    const waiting = Array.from({ length: 500 }, (_, index) =>
      freshness.waitUntil([subscription], token(1 + (index % 50))),
    );
    await clock.advance(1_000);
    expect(looks.states).toBeLessThan(15);
    await advance(50);
    await Promise.all(waiting);
    const before = looks.states;
    await clock.advance(10_000);
    expect(looks.states).toBe(before);
  });

  test('is bounded in number: one too many is refused and says that the command succeeded', async () => {
    const { freshness, advance, clock } = await world({ maxWaiting: 2 });
    const waiting = [1, 2].map((row) => freshness.waitUntil([subscription], token(row)));
    const refused = freshness.waitUntil([subscription], token(3));
    await expect(refused).rejects.toThrow(
      expect.objectContaining({
        code: 'after-too-many',
        retryable: true,
        details: expect.objectContaining({ commandSucceeded: true }),
      }),
    );
    await advance(3);
    await Promise.all(waiting);
    expect(await outcomeOf(freshness.waitUntil([subscription], token(3)), clock)).toBe('fresh');
  });

  test('is bounded in time, and gives its place up', async () => {
    const { freshness, clock } = await world({ maxWaiting: 1 });
    const waiting = freshness.waitUntil([subscription], token(1), { timeoutInMs: 200 });
    const failed = expect(waiting).rejects.toThrow(/The command itself succeeded/);
    await clock.advance(199);
    expect(await outcomeOf(waiting, clock)).toBe('waiting');
    await clock.advance(1);
    await failed;
    expect(await outcomeOf(freshness.waitUntil([subscription], token(1)), clock)).toBe('waiting');
  });

  test('ends with the reason of the caller who has gone', async () => {
    const { freshness, clock } = await world();
    const caller = new AbortController();
    const waiting = freshness.waitUntil([subscription], token(1), { abortSignal: caller.signal });
    const failed = expect(waiting).rejects.toThrow('gone');
    await clock.advance(0);
    caller.abort(new Error('gone'));
    await failed;
    await expect(
      freshness.waitUntil([subscription], token(1), {
        abortSignal: AbortSignal.abort(new Error('gone before')),
      }),
    ).rejects.toThrow('gone before');
  });
});

describe('promise 5: waiting for what is parked', () => {
  test('ends at once at an event that waits for an operator, also where the checkpoint has passed it', async () => {
    const { freshness, advance, park, clock } = await world();
    await park('a', 5);
    expect(await outcomeOf(freshness.waitUntil([subscription], token(4, 6)), clock)).toBe('after-parked');
    await advance(9);
    expect(await outcomeOf(freshness.waitUntil([subscription], token(4, 6)), clock)).toBe('after-parked');
  });

  test('is not ended by what is parked outside the range', async () => {
    const { freshness, advance, park, clock } = await world();
    await park('a', 3);
    await park('b', 7);
    await advance(9);
    expect(await outcomeOf(freshness.waitUntil([subscription], token(4, 6)), clock)).toBe('fresh');
  });

  test('ends at an event behind one that waits for an operator: it does not move either', async () => {
    const { freshness, advance, park, clock } = await world();
    await park('a', 3);
    await park('a', 5, 'follower');
    await advance(9);
    expect(await outcomeOf(freshness.waitUntil([subscription], token(5)), clock)).toBe('after-parked');
  });

  test('goes on for one that is tried again by itself, and for what is behind it', async () => {
    const { freshness, advance, park, settle, clock } = await world();
    await park('a', 3, 1_000);
    await park('a', 5, 'follower');
    await advance(9);
    const waiting = freshness.waitUntil([subscription], token(5));
    expect(await outcomeOf(waiting, clock)).toBe('waiting');
    await settle('a', 3);
    expect(await outcomeOf(waiting, clock)).toBe('waiting');
    await settle('a', 5);
    expect(await outcomeOf(waiting, clock)).toBe('fresh');
  });

  test('ends where the whole partition stands still before the range', async () => {
    const { freshness, advance, park, clock } = await world();
    await advance(2);
    await park(wholePartition, 3);
    expect(await outcomeOf(freshness.waitUntil([subscription], token(5)), clock)).toBe('after-parked');
    expect(await outcomeOf(freshness.waitUntil([subscription], token(2)), clock)).toBe('fresh');
  });
});

describe('how far read models have come', () => {
  test('is the least of them, without partitions where something is parked or nothing was done', async () => {
    const { freshness, store, advance, park } = await world();
    const other = await store.acquire({
      subscription: 'other/v1',
      partitions: [0, 1],
      owner: 'o',
      leaseInMs: 1e9,
    });
    await store.advance(
      other.owned.map((ownership) => ({ ownership, checkpoint: { position: at(7), entryId: '' } })),
    );
    await advance(5);
    const both = [subscription, 'other/v1'];
    expect(await freshness.reached(both)).toMatchObject({
      incarnation: 'i',
      positions: new Map([[0, at(5)]]),
    });
    expect((await freshness.reached(['other/v1'])).positions).toEqual(
      new Map([0, 1].map((one) => [one, at(7)])),
    );
    await park('a', 5);
    expect((await freshness.reached(both)).positions).toEqual(new Map());
  });
});
