import { type NewParkedMessage, type Ownership, positionAt, type SubscriptionStore } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { type CosmosGround, cosmosGround } from '../../fixtures/cosmos-subscriptions.js';

const subscription = 'orders/v1';
const leaseInMs = 1_000;
const at = (row: number) => positionAt(row, 0);
const failure = { code: 'broken', message: 'It broke.', attempts: 1, delayInMs: undefined };
const moves = (ownership: Ownership, row: number) => [
  { ownership, checkpoint: { position: at(row), entryId: `e${row}` } },
];

function message(row: number): NewParkedMessage {
  return { key: 'k', position: at(row), messageId: `m${row}`, name: 'test.Happened', failure };
}

async function withGround(body: (ground: CosmosGround) => Promise<void>): Promise<void> {
  const ground = await cosmosGround();
  try {
    await body(ground);
  } finally {
    await ground.close();
  }
}

const own = (store: SubscriptionStore, owner = 'a') =>
  store.seize({ subscription, partition: 0, owner, leaseInMs });

/** As a subscription does that pauses. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      expect(error).toMatchObject({ origin: 'infrastructure', retryable: true });
      if (attempt === 10) throw error;
    }
  }
}

/** Everything that an owner writes. */
async function writeAll(store: SubscriptionStore, ownership: Ownership): Promise<unknown> {
  return [
    await again(() => store.advance(moves(ownership, 5))),
    await again(() => store.park(ownership, [message(1), message(2), message(3)])),
    await again(() => store.failParked(ownership, 'k', at(1), { ...failure, attempts: 2 })),
    await again(() => store.settleParked(ownership, 'k', at(1))),
    await again(() => store.discardParked(ownership, 'k', at(2))),
    await again(() => store.rewind(ownership, undefined)),
  ];
}

const answers = [['advanced'], 'parked', 'parked', 'settled', 'settled', 'rewound'];

async function expectAllWritten(store: SubscriptionStore): Promise<void> {
  expect(await store.listParked({ subscription })).toMatchObject([{ position: at(3), state: 'ready' }]);
  expect(await store.discarded(subscription)).toMatchObject([{ position: at(2) }]);
  expect(await store.state(subscription)).toMatchObject([{ checkpoint: undefined, parkedKeys: 1 }]);
}

describe('subscriptions on a Cosmos DB that fails', () => {
  for (const afterEffect of [false, true]) {
    test(`when connections are cut ${afterEffect ? 'after' : 'before'} the effect of many batches, all is written once`, () =>
      withGround(async (ground) => {
        const store = ground.store();
        const ownership = await own(store);
        // Seeded: which ones are cut is the same each time.
        ground.faults.add({ on: 'batch', fault: 'cut-connection', afterEffect, chance: 0.4 });
        expect(await writeAll(store, ownership)).toEqual(answers);
        expect(ground.faults.counts['cut-connection']).toBeGreaterThan(2);
        ground.faults.clear();
        await expectAllWritten(store);
      }));
  }

  test('when the network makes two of each batch, all is written once', () =>
    withGround(async (ground) => {
      const store = ground.store();
      ground.faults.add({ on: 'batch', fault: 'duplicate' });
      const ownership = await own(store);
      expect(await writeAll(store, ownership)).toEqual(answers);
      ground.faults.clear();
      await expectAllWritten(store);
    }));

  test('when it throttles now and then, all is written once', () =>
    withGround(async (ground) => {
      const store = ground.store();
      ground.faults.add({ on: 'request', fault: 'throttle', retryAfterInMs: 1, chance: 0.3 });
      const ownership = await own(store);
      expect(await writeAll(store, ownership)).toEqual(answers);
      expect(ground.faults.counts.throttle).toBeGreaterThan(2);
      ground.faults.clear();
      await expectAllWritten(store);
    }));

  test('when it throttles for long, the error is typed and retryable, and nothing is written', () =>
    withGround(async (ground) => {
      const store = ground.store();
      const ownership = await own(store);
      ground.cosmos.throttle({ durationInMs: 60_000, retryAfterInMs: 1 });
      const error = { origin: 'infrastructure', retryable: true };
      await expect(store.advance(moves(ownership, 5))).rejects.toMatchObject(error);
      await expect(store.park(ownership, [message(1)])).rejects.toMatchObject(error);
      await expect(store.gatedKeys(ownership)).rejects.toMatchObject(error);
      await expect(store.state(subscription, [0])).rejects.toMatchObject(error);
      await expect(store.state(subscription)).rejects.toMatchObject(error);
      await expect(own(store, 'b')).rejects.toMatchObject(error);
      await ground.advanceTime(60_000);
      expect(await store.advance(moves(ownership, 5))).toEqual(['advanced']);
      expect(await store.gatedKeys(ownership)).toEqual(new Set());
    }));
});

describe('subscriptions on a Cosmos DB with replicas that lag', () => {
  test('promise 6: whoever takes a partition sees all gates, and heads that were settled do not come again', () =>
    withGround(async (ground) => {
      const [first, next] = [ground.store(), ground.store()];
      const ownership = await own(first);
      ground.cosmos.lagBy(60_000);
      await first.park(ownership, [message(1), message(2)]);
      await first.settleParked(ownership, 'k', at(1));
      await first.advance(moves(ownership, 7));
      await first.release([ownership]);
      const { owned } = await next.acquire({ subscription, partitions: [0], owner: 'b', leaseInMs });
      expect(owned).toMatchObject([{ checkpoint: { position: at(7) } }]);
      expect(await next.gatedKeys(owned[0]!)).toEqual(new Set(['k']));
      expect(await next.ready(owned[0]!, 10)).toMatchObject([{ position: at(2) }]);
    }));

  test('the lease of another owner is seen, and an old owner is fenced', () =>
    withGround(async (ground) => {
      const [first, next, third] = [ground.store(), ground.store(), ground.store()];
      ground.cosmos.lagBy(60_000);
      const ownership = await own(first);
      const taken = await own(next, 'b');
      expect(taken.epoch).toBe(ownership.epoch + 1);
      const { owned } = await third.acquire({ subscription, partitions: [0], owner: 'c', leaseInMs });
      expect(owned).toEqual([]);
      expect(await first.gatedKeys(ownership)).toBe('fenced');
      expect(await first.ready(ownership, 10)).toEqual([]);
      expect(await first.advance(moves(ownership, 1))).toEqual(['fenced']);
    }));

  test('an operator’s wish reaches the owner at its next turn, and discards a rebuild in another process', () =>
    withGround(async (ground) => {
      const [owner, operator, rebuild] = [ground.store(), ground.store(), ground.store()];
      ground.cosmos.lagBy(60_000);
      const ownership = await own(owner);
      await owner.park(ownership, [message(1), message(2)]);
      const address = { subscription, partition: 0, key: 'k', position: at(1) };
      expect(await operator.requestDiscard(address)).toBe('requested');
      expect(await owner.ready(ownership, 10)).toMatchObject([{ position: at(1), state: 'discarding' }]);
      await owner.discardParked(ownership, 'k', at(1));
      expect(await rebuild.discarded(subscription)).toMatchObject([{ position: at(1) }]);
    }));

  test('promise 5: whoever sees a checkpoint sees the keys that were parked before it, and what is parked under them', () =>
    withGround(async (ground) => {
      const [owner, reader] = [ground.store(), ground.store()];
      const ownership = await own(owner);
      ground.cosmos.lagBy(60_000);
      await owner.park(ownership, [message(1)]);
      await owner.advance(moves(ownership, 1));
      // What the replica has: neither; less, and never a part.
      expect(await reader.state(subscription, [0])).toMatchObject([{ checkpoint: undefined, parkedKeys: 0 }]);
      ground.cosmos.lagBy(0);
      expect(await reader.state(subscription, [0])).toMatchObject([
        { checkpoint: { position: at(1) }, parkedKeys: 1 },
      ]);
      ground.cosmos.lagBy(60_000);
      expect(await reader.listParked({ subscription })).toHaveLength(1);
    }));
});
