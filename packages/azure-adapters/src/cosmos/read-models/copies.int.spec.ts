import { type Copy, type DocumentChange, marksOf, positionAt, type ReadModelDefinition } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { cosmosReadModelsGround } from '../../fixtures/cosmos-read-models.js';

const definition: ReadModelDefinition = { model: 'orders', version: 1, indexes: {} };
const copy: Copy = { model: 'orders', version: 1, generation: 1 };
const next: Copy = { ...copy, generation: 2 };
const id = (name: string) => ({ tenant: 'default', name });
const change = (name: string): DocumentChange => ({
  id: id(name),
  body: '{}',
  marks: marksOf([[0, positionAt(1, 0)]]),
  expectedRevision: undefined,
});

type Ground = Awaited<ReturnType<typeof cosmosReadModelsGround>>;

async function withGround(body: (ground: Ground) => Promise<void>): Promise<void> {
  const ground = await cosmosReadModelsGround();
  try {
    await body(ground);
  } finally {
    await ground.close();
  }
}

/** How many items there are, of whatever kind. */
async function itemsIn({ container }: Ground): Promise<number> {
  const items = (await container()).items.query<number>('SELECT VALUE COUNT(1) FROM c');
  return (await items.fetchAll()).resources[0]!;
}

describe('copies in Cosmos DB', () => {
  test('a switch that is held up until after its deadline never happened, for whoever looks', () =>
    withGround(async (ground) => {
      const [one, other] = [await ground.store(), await ground.store()];
      for (const each of [copy, next]) await one.create(definition, each);
      await one.switch(undefined, copy);
      await other.list('orders');
      // The request is on its way for that long, by the service's clock.
      ground.faults.add({ on: 'write', fault: 'delay', delayInMs: 300, times: 1 });
      const switching = one.switch(copy, next, { servedForLessThanMs: 20_000 });
      await expect.poll(() => ground.faults.counts.delay).toBe(1);
      await ground.advanceTime(20_000);
      expect(await switching).toBe('conflict');
      for (const store of [one, other]) {
        const states = (await store.list('orders')).map(({ state }) => state);
        expect(states).toEqual(['serving', 'building']);
      }
      expect(await other.switch(copy, next, { servedForLessThanMs: 60_000 })).toBe('switched');
      expect(await one.abandon(next)).toBe('conflict');
    }));

  for (const [name, fault] of [
    ['the answer gets lost', { fault: 'cut-connection', afterEffect: true } as const],
    ['the network makes two of the request', { fault: 'duplicate' } as const],
    ['the request does not arrive', { fault: 'cut-connection' } as const],
  ] as const) {
    test(`when ${name}, each change of the copies is told as it was made`, () =>
      withGround(async ({ store, faults }) => {
        const one = await store();
        const once = () => void faults.add({ on: 'write', ...fault, times: 1 });
        once();
        expect(await one.create(definition, copy)).toMatchObject({ state: 'building' });
        once();
        expect(await one.switch(undefined, copy)).toBe('switched');
        await one.create(definition, next);
        once();
        expect(await one.switch(copy, next, { servedForLessThanMs: 60_000 })).toBe('switched');
        await one.create(definition, { ...copy, generation: 3 });
        once();
        expect(await one.abandon({ ...copy, generation: 3 })).toBe('abandoned');
        once();
        await one.drop(copy);
        expect((await one.list('orders')).map(({ generation, state }) => [generation, state])).toEqual([
          [2, 'serving'],
          [3, 'abandoned'],
        ]);
      }));
  }

  test('many processes that make the same copy make one', () =>
    withGround(async ({ store }) => {
      const stores = await Promise.all(Array.from({ length: 8 }, () => store()));
      await Promise.all(stores.map((one) => one.create(definition, copy)));
      await stores[0]!.write(copy, [change('a')]);
      for (const one of stores) expect(await one.load(copy, [id('a')])).toHaveLength(1);
      expect(await stores[0]!.list('orders')).toHaveLength(1);
    }));

  test('nothing is left of a dropped copy, however many documents it had, and in whatever tenants', () =>
    withGround(async (ground) => {
      const one = await ground.store();
      for (const each of [copy, next]) await one.create(definition, each);
      await one.write(next, [change('kept')]);
      const changes = Array.from({ length: 1_200 }, (_, at) => ({
        ...change(`a${at}`),
        id: { tenant: `t${at % 3}/`, name: `a${at}` },
        ...(at % 5 === 0 && { body: null }),
      }));
      await one.write(copy, changes);
      await one.drop(copy);
      expect(await itemsIn(ground)).toBe(2);
      expect(await one.open(definition, next, 'default').get('kept')).toEqual({});
    }));

  test('whoever is killed while dropping a copy leaves it listed, and it is dropped again', () =>
    withGround(async (ground) => {
      const one = await ground.store();
      await one.create(definition, copy);
      await one.write(
        copy,
        Array.from({ length: 600 }, (_, at) => change(`a${at}`)),
      );
      const end = ground.faults.add({ on: 'batch', fault: 'cut-connection', chance: 0.3 });
      await expect(one.drop(copy)).rejects.toMatchObject({ retryable: true });
      end();
      const other = await ground.store();
      expect(await other.list('orders')).toHaveLength(1);
      await other.drop(copy);
      expect(await other.list('orders')).toEqual([]);
      expect(await itemsIn(ground)).toBe(1);
    }));

  test('what a late writer puts into a dropped copy is seen by nobody, and goes', () =>
    withGround(async (ground) => {
      const [late, other] = [await ground.store(), await ground.store()];
      await late.create(definition, copy);
      await late.write(copy, [change('a')]);
      await other.drop(copy);
      // It has looked just now, and believes that the copy is there.
      expect(await late.write(copy, [change('b')])).not.toContain('conflict');
      await other.create(definition, copy);
      expect(await other.load(copy, [id('b')])).toEqual([undefined]);
      await ground.advanceTime(1_000);
      expect(await late.load(copy, [id('b')])).toEqual([undefined]);
      expect(await itemsIn(ground)).toBe(2);
      await ground.advanceTime(600_000);
      await other.removeTombstones(copy, 0, 10, () => true);
      expect(await itemsIn(ground)).toBe(1);
    }));

  test('a copy keeps to the indexes and the partitions that it was made with', () =>
    withGround(async ({ store }) => {
      const made = await store({ partitionBy: () => 'tenant' });
      await made.create(definition, copy);
      await made.write(copy, [change('a')]);
      const changed = await store({ partitionBy: () => 'document' });
      expect(await changed.open(definition, copy, 'default').get('a')).toEqual({});
      const declared = { ...definition, indexes: { byName: { by: ['name'] } } };
      await expect(
        changed.open(declared, copy, 'default').find('byName', { name: 'a' }),
      ).rejects.toMatchObject({
        code: 'index-not-built',
      });
    }));

  test('nobody reads or feeds a copy that is not there', () =>
    withGround(async ({ store }) => {
      const one = await store();
      const unknown = { code: 'copy-unknown', retryable: true };
      await expect(one.write(copy, [change('a')])).rejects.toMatchObject(unknown);
      await expect(one.load(copy, [id('a')])).rejects.toMatchObject(unknown);
      await expect(one.open(definition, copy, 'default').get('a')).rejects.toMatchObject(unknown);
    }));
});
