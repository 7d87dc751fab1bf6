import { type NewParkedMessage, type Ownership, positionAt, type SubscriptionStore } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { type CosmosGround, cosmosGround } from '../../fixtures/cosmos-subscriptions.js';
import { Trouble } from '../../fixtures/troubled-container.js';

const subscription = 'orders/v1';
const leaseInMs = 1_000;
const at = (row: number) => positionAt(row, 0);
const keys = ['k', 'l', 'm'];
const failure = { code: 'broken', message: 'It broke.', attempts: 1, delayInMs: undefined };

/** Of three keys in turn: the first of each is broken, the others wait. */
const many: readonly NewParkedMessage[] = Array.from({ length: 500 }, (_, row) => ({
  key: keys[row % keys.length]!,
  position: at(row),
  messageId: `m${row}`,
  name: 'test.Happened',
  failure: row < keys.length ? failure : undefined,
}));

async function withGround(body: (ground: CosmosGround) => Promise<void>): Promise<void> {
  const ground = await cosmosGround();
  try {
    await body(ground);
  } finally {
    await ground.close();
  }
}

async function own(store: SubscriptionStore, owner = 'a'): Promise<Ownership> {
  return store.seize({ subscription, partition: 0, owner, leaseInMs });
}

async function expectQueues(store: SubscriptionStore, ownership: Ownership, count: number): Promise<void> {
  const parked = await store.listParked({ subscription });
  expect(parked.map(({ position }) => position)).toEqual(
    many.slice(0, count).map(({ position }) => position),
  );
  const gated = new Set(parked.map(({ key }) => key));
  expect(parked.filter(({ state }) => state !== 'waiting').map(({ position }) => position)).toEqual(
    [0, 1, 2].slice(0, gated.size).map(at),
  );
  expect(await store.gatedKeys(ownership)).toEqual(gated);
  expect((await store.state(subscription))[0]?.parkedKeys).toBe(gated.size);
}

describe('a subscription on Cosmos DB whose requests get lost', () => {
  test('promise 6: parks more messages than a batch holds once and in order, whichever request or answer is lost', () =>
    withGround(async (ground) => {
      const trouble = new Trouble();
      const store = ground.store(trouble);
      // A look and a batch for 99 of them, and the same for the rest.
      for (const request of [0, 1, 2, 3]) {
        for (const kind of ['loseRequest', 'loseAnswer'] as const) {
          const ownership = await own(store);
          trouble[kind](request);
          expect(await store.park(ownership, many.slice(0, 120))).toBe('parked');
          trouble.end();
          await expectQueues(store, ownership, 120);
          await store.forget(subscription);
        }
      }
    }));

  test('promise 6: dies between two batches of a park of 500: what stands is in order, and the next owner adds the rest', () =>
    withGround(async (ground) => {
      for (const batches of [1, 4]) {
        const trouble = new Trouble();
        const [dying, next] = [ground.store(trouble), ground.store()];
        const ownership = await own(dying);
        // Each looks at the partition, then writes.
        trouble.cutOff(2 * batches);
        await expect(dying.park(ownership, many)).rejects.toThrow();
        const nextOwner = await own(next, 'b');
        await expectQueues(next, nextOwner, batches * 99);
        expect(await next.park(nextOwner, many)).toBe('parked');
        await expectQueues(next, nextOwner, many.length);
        await next.forget(subscription);
      }
    }));

  test('a wish that comes between a failure that was noted and the repeat of noting it is kept', () =>
    withGround(async (ground) => {
      const trouble = new Trouble();
      const [store, operator] = [ground.store(trouble), ground.store()];
      const ownership = await own(store);
      await store.park(ownership, many.slice(0, 1));
      const address = { subscription, partition: 0, key: 'k', position: at(0) };
      trouble.whenLost = async () => expect(await operator.requestRetry(address)).toBe('requested');
      // The partition is looked at, the head too, and then both are written.
      trouble.loseAnswer(2);
      expect(await store.failParked(ownership, 'k', at(0), { ...failure, attempts: 2 })).toBe('parked');
      expect(await store.ready(ownership, 10)).toMatchObject([{ state: 'ready', failure: { attempts: 2 } }]);
    }));

  test('a wish whose answer is lost is told to be requested, and another one is not', () =>
    withGround(async (ground) => {
      const trouble = new Trouble();
      const store = ground.store(trouble);
      await store.park(await own(store), many.slice(0, 1));
      const address = { subscription, partition: 0, key: 'k', position: at(0) };
      trouble.loseAnswer();
      expect(await store.requestDiscard(address)).toBe('requested');
      trouble.loseAnswer();
      expect(await store.requestRetry(address)).toBe('not-parked');
      expect(await store.listParked({ subscription })).toMatchObject([{ state: 'discarding' }]);
    }));

  test('forgets all of a subscription, also when it dies at any step: the next one who comes begins anew', () =>
    withGround(async (ground) => {
      for (let steps = 0; steps < 10; steps++) {
        const trouble = new Trouble();
        const [old, dying, next] = [ground.store(), ground.store(trouble), ground.store()];
        const ownership = await own(old);
        await old.advance([{ ownership, checkpoint: { position: at(9), entryId: 'e' } }]);
        await old.park(ownership, many.slice(0, 110));
        await old.discardParked(ownership, 'k', at(0));
        trouble.cutOff(steps);
        await dying.forget(subscription).catch(() => {});
        // The first step looks, the second one says that it is forgotten.
        if (steps >= 2) expect(await next.state(subscription)).toEqual([]);
        else await next.forget(subscription);
        const nextOwner = await own(next, 'b');
        expect(await old.park(ownership, many)).toBe('fenced');
        expect(await next.gatedKeys(nextOwner)).toEqual(new Set());
        expect(await next.listParked({ subscription })).toEqual([]);
        expect(await next.state(subscription)).toMatchObject([{ checkpoint: undefined, parkedKeys: 0 }]);
        expect(await next.discarded(subscription)).toHaveLength(1);
        await next.forget(subscription, { discardsToo: true });
      }
    }));
});
