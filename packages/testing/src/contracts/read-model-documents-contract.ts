import { type Copy, markOf, marksOf } from '@diptych/core';
import { expect } from 'vitest';
import {
  at,
  bodyOf,
  change,
  copy,
  definition,
  id,
  idsOf,
  loadOne,
  next,
  type OrderDocument,
  open,
  put,
  type ReadModelSuite,
  written,
} from './read-model-fixture.js';

export function writing({ test }: ReadModelSuite): void {
  test('insert: a document comes back with its text and its marks', async ({ store }) => {
    await store.create(definition, copy);
    const marks = marksOf([
      [31, at(9)],
      [0, at(7)],
    ]);
    const body = bodyOf({ id: 'ä/ö 😀', status: 'a"b\n' })!;
    const outcomes = await store.write(copy, [
      { id: id('ä/ö 😀'), body, marks, expectedRevision: undefined },
    ]);
    const stored = await loadOne(store, 'ä/ö 😀');
    expect(outcomes).toEqual([written]);
    expect(JSON.parse(stored!.body!)).toEqual(JSON.parse(body));
    expect(stored).toMatchObject({ id: id('ä/ö 😀'), marks });
  });

  test('missingIsUndefined: what does not exist is undefined, in the order asked', async ({ store }) => {
    await put(store, [{ id: 'b' }]);
    const loaded = await store.load(copy, [id('a'), id('b'), id('c')]);
    expect(loaded.map((document) => document?.id.name)).toEqual([undefined, 'b', undefined]);
    expect(await open(store).get('a')).toBeUndefined();
    expect(idsOf(await open(store).getMany(['c', 'b', 'b']))).toEqual([undefined, 'b', 'b']);
  });

  test('update: a write under the revision that was loaded replaces text and marks', async ({ store }) => {
    await put(store, [{ id: 'a', status: 'open' }]);
    const before = await loadOne(store, 'a');
    const done = { ...change('a', { id: 'a', status: 'done' }, before), marks: marksOf([[1, at(5)]]) };
    expect(await store.write(copy, [done])).toEqual([written]);
    const after = await loadOne(store, 'a');
    expect(after).toMatchObject({ body: done.body, marks: marksOf([[1, at(5)]]) });
    expect(after!.revision).not.toBe(before!.revision);
  });

  test('revisionOfWrite: a write answers the revision under which the next one goes on without a look', async ({
    store,
  }) => {
    await store.create(definition, copy);
    let before: { readonly revision: string } | undefined;
    for (const document of [{ id: 'a', total: 1 }, { id: 'a', total: 2 }, null, { id: 'a', total: 3 }]) {
      const asked = { ...change('a', document), expectedRevision: before?.revision };
      const [outcome] = await store.write(copy, [asked]);
      expect(outcome).toEqual({ revision: (await loadOne(store, 'a'))!.revision });
      before = outcome as { readonly revision: string };
    }
    expect(await open(store).get('a')).toEqual({ id: 'a', total: 3 });
  });

  test('conflict: a write under an older revision, or under none, changes nothing', async ({ store }) => {
    await put(store, [{ id: 'a', total: 1 }]);
    const stale = await loadOne(store, 'a');
    await put(store, [{ id: 'a', total: 2 }]);
    expect(await store.write(copy, [change('a', { id: 'a', total: 3 }, stale)])).toEqual(['conflict']);
    expect(await store.write(copy, [change('a', { id: 'a', total: 3 })])).toEqual(['conflict']);
    expect(await open(store).get('a')).toEqual({ id: 'a', total: 2 });
  });

  test('conflictOnAbsent: a write under a revision of a document that is not there changes nothing', async ({
    store,
  }) => {
    await put(store, [{ id: 'a' }]);
    const other = await loadOne(store, 'a');
    expect(await store.write(copy, [change('b', { id: 'b' }, other)])).toEqual(['conflict']);
    expect(await loadOne(store, 'b')).toBeUndefined();
  });

  test('eachOnItsOwn: one conflict in a batch does not keep the others from being written', async ({
    store,
  }) => {
    await put(store, [{ id: 'b', total: 1 }]);
    const outcomes = await store.write(copy, [
      change('a', { id: 'a' }),
      change('b', { id: 'b', total: 2 }),
      change('c', { id: 'c' }),
    ]);
    expect(outcomes).toEqual([written, 'conflict', written]);
    expect(idsOf((await open(store).all()).documents)).toEqual(['a', 'b', 'c']);
  });

  test('twoWritersOneWins: of writes that race under one revision exactly one is made', async ({ store }) => {
    await put(store, [{ id: 'a' }]);
    const before = await loadOne(store, 'a');
    const racing = [1, 2, 3, 4].map((total) => store.write(copy, [change('a', { id: 'a', total }, before)]));
    const outcomes = (await Promise.all(racing)).flat();
    expect(outcomes.filter((outcome) => outcome !== 'conflict')).toHaveLength(1);
    const winner = outcomes.findIndex((outcome) => outcome !== 'conflict') + 1;
    expect(await open(store).get('a')).toEqual({ id: 'a', total: winner });
  });

  test('twoCreatorsOneWins: of writes that race to make a document exactly one is made', async ({
    store,
  }) => {
    await store.create(definition, copy);
    const racing = [1, 2, 3, 4].map((total) => store.write(copy, [change('a', { id: 'a', total })]));
    const outcomes = (await Promise.all(racing)).flat();
    expect(outcomes.filter((outcome) => outcome !== 'conflict')).toHaveLength(1);
  });

  test('nothing: an empty batch and an empty question are answered', async ({ store }) => {
    await store.create(definition, copy);
    expect(await store.write(copy, [])).toEqual([]);
    expect(await store.load(copy, [])).toEqual([]);
    expect(await open(store).getMany([])).toEqual([]);
  });
}

export function deleting({ test }: ReadModelSuite): void {
  const weekInMs = 7 * 24 * 60 * 60 * 1000;

  test('tombstone: a deleted document keeps its marks, and queries do not see it', async ({ store }) => {
    await put(store, [{ id: 'a', status: 'open' }]);
    const gone = { ...change('a', null, await loadOne(store, 'a')), marks: marksOf([[0, at(8)]]) };
    expect(await store.write(copy, [gone])).toEqual([written]);
    expect(await loadOne(store, 'a')).toMatchObject({ body: null, marks: marksOf([[0, at(8)]]) });
    expect(await open(store).get('a')).toBeUndefined();
    expect((await open(store).all()).documents).toEqual([]);
    expect((await open(store).find('byStatus', { status: 'open' })).documents).toEqual([]);
  });

  test('conditionalDelete: a tombstone is written under the revision, and holds the place', async ({
    store,
  }) => {
    await put(store, [{ id: 'a', total: 1 }]);
    const stale = await loadOne(store, 'a');
    await put(store, [{ id: 'a', total: 2 }]);
    expect(await store.write(copy, [change('a', null, stale)])).toEqual(['conflict']);
    await store.write(copy, [change('a', null, await loadOne(store, 'a'))]);
    expect(await store.write(copy, [change('a', { id: 'a' })])).toEqual(['conflict']);
    expect(await store.write(copy, [change('a', { id: 'a' }, await loadOne(store, 'a'))])).toEqual([written]);
    expect(await open(store).get('a')).toEqual({ id: 'a' });
  });

  test('tombstonesGoByAge: only those old enough, agreed to and within the limit are removed', async ({
    store,
    advanceTime,
  }) => {
    await put(store, [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'kept' }]);
    const bury = async (name: string, row: number) => {
      const before = await loadOne(store, name);
      await store.write(copy, [{ ...change(name, null, before), marks: marksOf([[0, at(row)]]) }]);
    };
    await bury('a', 1);
    await bury('b', 2);
    await advanceTime(100);
    await bury('c', 3);
    expect(await store.removeTombstones(copy, weekInMs, 10, () => true)).toBe(0);
    expect(await store.removeTombstones(copy, 100, 10, (marks) => markOf(marks, 0) === at(2))).toBe(1);
    expect(
      (await store.load(copy, [id('a'), id('b'), id('c')])).map((document) => document?.id.name),
    ).toEqual(['a', undefined, 'c']);
    expect(await store.removeTombstones(copy, 0, 1, () => true)).toBe(1);
    expect(await store.removeTombstones(copy, 0, 10, () => true)).toBe(1);
    expect(await loadOne(store, 'kept')).toBeDefined();
  });

  test('revivedIsNoTombstone: a document written again after its deletion is not removed', async ({
    store,
    advanceTime,
  }) => {
    await put(store, [{ id: 'a' }]);
    await store.write(copy, [change('a', null, await loadOne(store, 'a'))]);
    await put(store, [{ id: 'a', total: 2 }]);
    await advanceTime(100);
    expect(await store.removeTombstones(copy, 0, 10, () => true)).toBe(0);
    expect(await open(store).get('a')).toEqual({ id: 'a', total: 2 });
  });
}

export function isolation({ test }: ReadModelSuite): void {
  test('tenantIsolation: one name in two tenants is two documents', async ({ store }) => {
    await store.create(definition, copy);
    await store.write(copy, [
      change('a', { id: 'a', status: 'x' }, undefined, 'one'),
      change('a', { id: 'a', status: 'x', total: 2 }, undefined, 'two'),
    ]);
    expect(await open(store, 'one').get('a')).toEqual({ id: 'a', status: 'x' });
    expect(await open(store, 'two').get('a')).toEqual({ id: 'a', status: 'x', total: 2 });
    expect((await open(store, 'one').find('byStatus', { status: 'x' })).documents).toHaveLength(1);
    expect((await open(store, 'two').all()).documents).toHaveLength(1);
    expect(await open(store, 'three').get('a')).toBeUndefined();
  });

  test('projectionsIsolated: equal ids in other models, versions and generations are other documents', async ({
    store,
  }) => {
    const others: readonly Copy[] = [{ ...copy, model: 'orders2' }, { ...copy, version: 2 }, next];
    await put(store, [{ id: 'a' }]);
    for (const other of others) {
      await store.create({ ...definition, model: other.model, version: other.version }, other);
      expect(await loadOne(store, 'a', undefined, other)).toBeUndefined();
    }
    await store.write(next, [change('a', { id: 'a', total: 2 })]);
    expect(await open(store).get('a')).toEqual({ id: 'a' });
  });

  test('loadIsCopy: what a reader does to a document changes no other', async ({ store }) => {
    await put(store, [{ id: 'a', tags: ['x'] }]);
    const read = await open(store).get('a');
    (read!.tags as string[]).push('y');
    expect(await open(store).get('a')).toEqual({ id: 'a', tags: ['x'] });
  });
}

export function sizes({ test, capability }: ReadModelSuite): void {
  const large = (bytes: number): OrderDocument => ({ id: 'large', status: 'x'.repeat(bytes) });

  capability('document size limit', {
    has: () =>
      test('oversizeTyped: a document over the limit is refused with its id, before anything is written', async ({
        store,
      }) => {
        await store.create(definition, copy);
        const limit = store.capabilities.maxDocumentBytes!;
        const batch = [change('small', { id: 'small' }), change('large', large(limit))];
        await expect(store.write(copy, batch)).rejects.toThrow(
          expect.objectContaining({
            code: 'document-too-large',
            details: expect.objectContaining({ id: id('large') }),
          }),
        );
        expect(await loadOne(store, 'small')).toBeUndefined();
      }),
    lacks: () =>
      test('oversizeIsTaken: a document of some megabytes is stored', async ({ store }) => {
        expect(store.capabilities.maxDocumentBytes).toBeUndefined();
        await put(store, [large(3_000_000)]);
        expect((await open(store).get('large'))!.status).toHaveLength(3_000_000);
      }),
  });
}
