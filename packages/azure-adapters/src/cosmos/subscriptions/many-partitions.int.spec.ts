import { type Ownership, positionAt } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { cosmosGround } from '../../fixtures/cosmos-subscriptions.js';

const subscription = 'orders/v1';
const leaseInMs = 1_000;
const partitions = Array.from({ length: 250 }, (_, partition) => partition);

const numbersOf = (owned: readonly Ownership[]) =>
  owned.map(({ partition }) => partition).sort((one, other) => one - other);

describe('many partitions on Cosmos DB', () => {
  test('are taken, renewed, given back and taken again, more than a batch holds', async () => {
    const ground = await cosmosGround();
    const [store, other] = [ground.store(), ground.store()];
    const request = { subscription, partitions, leaseInMs };
    const first = await store.acquire({ ...request, owner: 'a', most: 230 });
    expect(numbersOf(first.owned)).toEqual(partitions.slice(0, 230));
    const rest = await other.acquire({ ...request, owner: 'b' });
    expect(numbersOf(rest.owned)).toEqual(partitions.slice(230));
    const renewed = await store.acquire({ ...request, owner: 'a' });
    expect(renewed.owned.map(({ epoch }) => epoch)).toEqual(first.owned.map(() => 1));
    await store.release(first.owned);
    const all = await other.acquire({ ...request, owner: 'b' });
    expect(numbersOf(all.owned)).toEqual(partitions);
    expect(all.owners).toBe(1);
    expect((await store.state(subscription)).every(({ owner }) => owner === 'b')).toBe(true);
    await ground.close();
  });

  test('are seized at the same time by two processes, each with an epoch of its own', async () => {
    const ground = await cosmosGround();
    const seized = await Promise.all(
      ['a', 'b'].flatMap((owner) => {
        const store = ground.store();
        return partitions
          .slice(0, 32)
          .map((partition) => store.seize({ subscription, partition, owner, leaseInMs }));
      }),
    );
    const given = seized.map(({ partition, epoch }) => `${partition}/${epoch}`);
    expect(new Set(given).size).toBe(64);
    expect(seized.every(({ epoch }) => epoch === 1 || epoch === 2)).toBe(true);
    await ground.close();
  });

  test('what is asked for in one process at the same time is answered as if it came one after the other', async () => {
    const ground = await cosmosGround();
    const store = ground.store();
    const request = { subscription, partition: 0, leaseInMs };
    // The first one is under way when the others come: these are written together.
    const seized = await Promise.all(['a', 'b', 'c', 'c'].map((owner) => store.seize({ ...request, owner })));
    expect(seized.map(({ owner, epoch }) => `${owner}${epoch}`)).toEqual(['a1', 'b2', 'c3', 'c4']);
    const moves = seized.map((ownership) => ({
      ownership,
      checkpoint: { position: positionAt(1, 0), entryId: 'e' },
    }));
    expect(await store.advance(moves)).toEqual(['fenced', 'fenced', 'fenced', 'advanced']);
    await ground.close();
  });
});
