import { type Ownership, positionAt } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { type CosmosGround, cosmosGround } from '../../fixtures/cosmos-subscriptions.js';

const subscription = 'orders/v1';
const leaseInMs = 30_000;
const partitions = Array.from({ length: 32 }, (_, partition) => partition);
const request = {
  subscription,
  owner: 'host-7c9f/4f1c2b1e-7d0f-4a53-9f0e-2f7f6f0f3c11',
  partitions,
  leaseInMs,
};

/** What was asked of the service meanwhile, and what it charged. */
async function costsOf(ground: CosmosGround, work: () => Promise<unknown>) {
  const [before, charged] = [ground.operations(), ground.charges.sum];
  await work();
  const counts = Object.entries(ground.operations()).map(
    ([operation, count]) => [operation, count - (before[operation as keyof typeof before] ?? 0)] as const,
  );
  return {
    operations: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    units: ground.charges.sum - charged,
  };
}

async function withOwner(
  body: (
    ground: CosmosGround,
    store: ReturnType<CosmosGround['store']>,
    owned: readonly Ownership[],
  ) => Promise<void>,
): Promise<void> {
  const ground = await cosmosGround();
  try {
    const store = ground.store();
    const { owned } = await store.acquire(request);
    for (const ownership of owned) await store.advance([{ ownership, checkpoint: checkpointAt(1) }]);
    await body(ground, store, owned);
  } finally {
    await ground.close();
  }
}

const checkpointAt = (row: number) => ({
  position: positionAt(row, 0),
  entryId: 'e'.repeat(36),
  evidence: '0:-1#12345,1:-1#67890',
});

describe('what subscriptions on Cosmos DB cost', () => {
  test('promise 5: the state of a partition is one point read, of several one each', () =>
    withOwner(async (ground) => {
      const other = ground.store();
      // A client asks for the account first.
      await other.state(subscription, [0]);
      const one = await costsOf(ground, () => other.state(subscription, [7]));
      expect(one.operations).toEqual({ read: 1 });
      expect(one.units).toBeLessThanOrEqual(1);
      const three = await costsOf(ground, () => other.state(subscription, [7, 8, 99]));
      expect(three.operations).toEqual({ read: 3 });
    }));

  test('an idle owner of 32 partitions spends less than 4 request units a second', () =>
    withOwner(async (ground, store) => {
      const { operations, units } = await costsOf(ground, () => store.acquire(request));
      expect(operations).toEqual({ 'query-plan': 1, query: 1, batch: 1 });
      // Leases are renewed when a third of them is over. Here everything is charged as if it were indexed.
      expect(units / (leaseInMs / 3 / 1_000)).toBeLessThan(4);
    }));

  test('a checkpoint moves in one round trip, and so do those of several partitions', () =>
    withOwner(async (ground, store, owned) => {
      const moves = owned.slice(0, 3).map((ownership) => ({ ownership, checkpoint: checkpointAt(2) }));
      const { operations } = await costsOf(ground, () => store.advance(moves));
      expect(operations).toEqual({ batch: 3 });
    }));

  test('where nothing is parked, to look for it is one read of the partition', () =>
    withOwner(async (ground, store, [ownership]) => {
      for (const look of [
        () => store.gatedKeys(ownership!),
        () => store.ready(ownership!, 10),
        () => store.nextDueInMs(ownership!),
      ]) {
        const { operations, units } = await costsOf(ground, look);
        expect(operations).toEqual({ batch: 1 });
        expect(units).toBeLessThanOrEqual(1);
      }
    }));

  test('32 partitions that are seized at the same time are two writes, and so few that are given back', () =>
    withOwner(async (ground, store) => {
      const { operations } = await costsOf(ground, async () => {
        const seized = await Promise.all(
          partitions.map((partition) => store.seize({ ...request, partition })),
        );
        await store.release(seized);
      });
      expect(operations.batch).toBe(3);
    }));
});
