import { expect } from 'vitest';
import {
  change,
  copy,
  definition,
  loadOne,
  next,
  open,
  put,
  type ReadModelSuite,
} from './read-model-fixture.js';

export function copies({ test }: ReadModelSuite): void {
  test('create: a copy is being built at first, and making it again changes nothing', async ({
    store,
    advanceTime,
  }) => {
    expect(await store.create(definition, copy)).toMatchObject({ ...copy, state: 'building' });
    await store.write(copy, [change('a', { id: 'a' })]);
    await advanceTime(50);
    const again = await store.create(definition, copy);
    expect(again.stateAgeInMs).toBeGreaterThanOrEqual(50);
    expect(await open(store).get('a')).toEqual({ id: 'a' });
  });

  test('switch: in one step one copy serves and the other retires', async ({ store, advanceTime }) => {
    await store.create(definition, copy);
    expect(await store.switch(undefined, copy)).toBe('switched');
    await store.create(definition, next);
    await advanceTime(50);
    expect(await store.switch(copy, next)).toBe('switched');
    const listed = await store.list('orders');
    expect(listed.map(({ generation, state }) => [generation, state]).sort()).toEqual([
      [1, 'retired'],
      [2, 'serving'],
    ]);
    expect(listed.find(({ generation }) => generation === 2)!.stateAgeInMs).toBeLessThan(50);
  });

  test('switchIsConditional: nothing changes when another copy serves than was said', async ({ store }) => {
    await store.create(definition, copy);
    await store.create(definition, next);
    expect(await store.switch(copy, next)).toBe('conflict');
    expect(await store.switch(undefined, copy)).toBe('switched');
    expect(await store.switch(undefined, next)).toBe('conflict');
    expect(await store.switch(undefined, copy)).toBe('conflict');
    expect(await store.switch(copy, { ...copy, generation: 9 })).toBe('conflict');
    expect(await store.switch(copy, next)).toBe('switched');
    expect(await store.switch(copy, next)).toBe('conflict');
    expect((await store.list('orders')).filter(({ state }) => state === 'serving')).toMatchObject([next]);
  });

  test('oneSwitchWins: of switches that race from one copy exactly one is made', async ({ store }) => {
    const third = { ...copy, generation: 3 };
    for (const each of [copy, next, third]) await store.create(definition, each);
    await store.switch(undefined, copy);
    const outcomes = await Promise.all([store.switch(copy, next), store.switch(copy, third)]);
    expect(outcomes.sort()).toEqual(['conflict', 'switched']);
    expect((await store.list('orders')).filter(({ state }) => state === 'serving')).toHaveLength(1);
  });

  test('switchHasDeadline: one that comes too late by the clock of the store changes nothing', async ({
    store,
    advanceTime,
  }) => {
    await store.create(definition, copy);
    await store.create(definition, next);
    await store.switch(undefined, copy);
    await advanceTime(50);
    expect(await store.switch(copy, next, { servedForLessThanMs: 50 })).toBe('conflict');
    expect((await store.list('orders')).map(({ state }) => state).sort()).toEqual(['building', 'serving']);
    expect(await store.switch(copy, next, { servedForLessThanMs: 60_000 })).toBe('switched');
    const [one, other] = await store.list('orders');
    expect(one!.stateAgeInMs - other!.stateAgeInMs).toBeLessThan(5);
  });

  test('abandon: only a copy that is building is given up, and it never serves', async ({ store }) => {
    await store.create(definition, copy);
    await store.create(definition, next);
    await store.switch(undefined, copy);
    expect(await store.abandon(copy)).toBe('conflict');
    expect(await store.abandon({ ...copy, generation: 9 })).toBe('conflict');
    expect(await store.abandon(next)).toBe('abandoned');
    expect(await store.abandon(next)).toBe('conflict');
    expect(await store.switch(copy, next)).toBe('conflict');
    const states = (await store.list('orders')).map(({ generation, state }) => [generation, state]).sort();
    expect(states).toEqual([
      [1, 'serving'],
      [2, 'abandoned'],
    ]);
  });

  test('versionsServeSideBySide: each version has a serving copy of its own', async ({ store }) => {
    const second = { ...copy, version: 2 };
    await store.create(definition, copy);
    await store.create({ ...definition, version: 2 }, second);
    expect(await store.switch(undefined, copy)).toBe('switched');
    expect(await store.switch(undefined, second)).toBe('switched');
    expect((await store.list('orders')).map(({ state }) => state)).toEqual(['serving', 'serving']);
  });

  test('drop: a copy goes with its documents, others stay, and twice is no harm', async ({ store }) => {
    await put(store, [{ id: 'a', status: 'open' }]);
    await put(store, [{ id: 'a', status: 'open', total: 2 }], next);
    await store.drop(copy);
    await store.drop(copy);
    expect((await store.list('orders')).map(({ generation }) => generation)).toEqual([2]);
    expect(await open(store, 'default', next).get('a')).toEqual({ id: 'a', status: 'open', total: 2 });
    await store.create(definition, copy);
    expect(await loadOne(store, 'a')).toBeUndefined();
    expect((await open(store).find('byStatus', { status: 'open' })).documents).toEqual([]);
  });

  test('list: only the copies of that model, none for an unknown one', async ({ store }) => {
    await store.create(definition, copy);
    await store.create({ ...definition, model: 'orders2' }, { ...copy, model: 'orders2' });
    expect((await store.list('orders')).map(({ model }) => model)).toEqual(['orders']);
    expect(await store.list('nobody')).toEqual([]);
  });

  test('native: the store gives its own handle', async ({ store }) => {
    await store.create(definition, copy);
    expect(open(store).native()).toBeDefined();
  });
}
