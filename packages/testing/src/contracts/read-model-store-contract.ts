import {
  type Copy,
  type DocumentChange,
  type Position,
  positionAt,
  type ReadModel,
  type ReadModelDefinition,
  type ReadModelStore,
  type StoredDocument,
} from '@diptych/core';
import { expect } from 'vitest';
import { type ContractFactory, type ContractSubject, type ContractSuite, contract } from './contract.js';

export interface ReadModelStoreSubject extends ContractSubject {
  readonly store: ReadModelStore;
  /** Moves the store's clock on by at least that much; a store with a real clock waits. */
  advanceTime(ms: number): Promise<void>;
}

export type ReadModelStoreCapability = 'document size limit';
export type ReadModelStoreFactory = ContractFactory<ReadModelStoreSubject, ReadModelStoreCapability>;
type Suite = ContractSuite<ReadModelStoreSubject, ReadModelStoreCapability>;

const definition: ReadModelDefinition = {
  model: 'orders',
  version: 1,
  indexes: {
    byStatus: { by: ['status'], sort: 'total' },
    byTag: { by: ['tags'] },
    byCustomerAndStatus: { by: ['customer', 'status'] },
  },
};
const copy: Copy = { model: 'orders', version: 1, generation: 1 };
const next: Copy = { ...copy, generation: 2 };

interface OrderDocument {
  readonly id: string;
  readonly status?: string | null;
  readonly total?: number;
  readonly tags?: readonly string[];
  readonly customer?: string;
}

const at = (row: number): Position => positionAt(row, 0);
const id = (name: string, tenant = 'default') => ({ tenant, name });
const bodyOf = (document: OrderDocument | null) => (document === null ? null : JSON.stringify(document));

function change(
  name: string,
  document: OrderDocument | null,
  before?: StoredDocument,
  tenant?: string,
): DocumentChange {
  return {
    id: id(name, tenant),
    body: bodyOf(document),
    marks: { 0: at(1) },
    expectedRevision: before?.revision,
  };
}

async function loadOne(store: ReadModelStore, name: string, tenant?: string, from = copy) {
  const [document] = await store.load(from, [id(name, tenant)]);
  return document;
}

async function put(store: ReadModelStore, documents: readonly OrderDocument[], into = copy): Promise<void> {
  await store.create(definition, into);
  for (const document of documents) {
    const before = await loadOne(store, document.id, undefined, into);
    expect(await store.write(into, [change(document.id, document, before)])).toEqual(['written']);
  }
}

const open = (store: ReadModelStore, tenant = 'default', from = copy): ReadModel<OrderDocument> =>
  store.open<OrderDocument>(definition, from, tenant);
const idsOf = (documents: readonly (OrderDocument | undefined)[]) =>
  documents.map((document) => document?.id);

/** What `ReadModelStore` means. */
export function readModelStoreContract(adapter: string, factory: ReadModelStoreFactory): void {
  contract('read-model store', adapter, factory, (suite) => {
    writing(suite);
    deleting(suite);
    isolation(suite);
    finding(suite);
    paging(suite);
    copies(suite);
    sizes(suite);
  });
}

function writing({ test }: Suite): void {
  test('insert: a document comes back with its text and its marks', async ({ store }) => {
    await store.create(definition, copy);
    const marks = { 0: at(7), 31: at(9) };
    const body = bodyOf({ id: 'ä/ö 😀', status: 'a"b\n' })!;
    const outcomes = await store.write(copy, [
      { id: id('ä/ö 😀'), body, marks, expectedRevision: undefined },
    ]);
    const stored = await loadOne(store, 'ä/ö 😀');
    expect(outcomes).toEqual(['written']);
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
    const written = { ...change('a', { id: 'a', status: 'done' }, before), marks: { 1: at(5) } };
    expect(await store.write(copy, [written])).toEqual(['written']);
    const after = await loadOne(store, 'a');
    expect(after).toMatchObject({ body: written.body, marks: { 1: at(5) } });
    expect(after!.revision).not.toBe(before!.revision);
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
    expect(outcomes).toEqual(['written', 'conflict', 'written']);
    expect(idsOf((await open(store).all()).documents)).toEqual(['a', 'b', 'c']);
  });

  test('twoWritersOneWins: of writes that race under one revision exactly one is made', async ({ store }) => {
    await put(store, [{ id: 'a' }]);
    const before = await loadOne(store, 'a');
    const racing = [1, 2, 3, 4].map((total) => store.write(copy, [change('a', { id: 'a', total }, before)]));
    const outcomes = (await Promise.all(racing)).flat();
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    const winner = outcomes.indexOf('written') + 1;
    expect(await open(store).get('a')).toEqual({ id: 'a', total: winner });
  });

  test('twoCreatorsOneWins: of writes that race to make a document exactly one is made', async ({
    store,
  }) => {
    await store.create(definition, copy);
    const racing = [1, 2, 3, 4].map((total) => store.write(copy, [change('a', { id: 'a', total })]));
    const outcomes = (await Promise.all(racing)).flat();
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
  });

  test('nothing: an empty batch and an empty question are answered', async ({ store }) => {
    await store.create(definition, copy);
    expect(await store.write(copy, [])).toEqual([]);
    expect(await store.load(copy, [])).toEqual([]);
    expect(await open(store).getMany([])).toEqual([]);
  });
}

function deleting({ test }: Suite): void {
  const weekInMs = 7 * 24 * 60 * 60 * 1000;

  test('tombstone: a deleted document keeps its marks, and queries do not see it', async ({ store }) => {
    await put(store, [{ id: 'a', status: 'open' }]);
    const gone = { ...change('a', null, await loadOne(store, 'a')), marks: { 0: at(8) } };
    expect(await store.write(copy, [gone])).toEqual(['written']);
    expect(await loadOne(store, 'a')).toMatchObject({ body: null, marks: { 0: at(8) } });
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
    expect(await store.write(copy, [change('a', { id: 'a' }, await loadOne(store, 'a'))])).toEqual([
      'written',
    ]);
    expect(await open(store).get('a')).toEqual({ id: 'a' });
  });

  test('tombstonesGoByAge: only those old enough, agreed to and within the limit are removed', async ({
    store,
    advanceTime,
  }) => {
    await put(store, [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'kept' }]);
    const bury = async (name: string, row: number) => {
      const before = await loadOne(store, name);
      await store.write(copy, [{ ...change(name, null, before), marks: { 0: at(row) } }]);
    };
    await bury('a', 1);
    await bury('b', 2);
    await advanceTime(100);
    await bury('c', 3);
    expect(await store.removeTombstones(copy, weekInMs, 10, () => true)).toBe(0);
    expect(await store.removeTombstones(copy, 100, 10, (marks) => marks[0] === at(2))).toBe(1);
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

function isolation({ test }: Suite): void {
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

function finding({ test }: Suite): void {
  test('find: documents whose field has the value, in the order of the sort field', async ({ store }) => {
    await put(store, [
      { id: 'a', status: 'open', total: 10 },
      { id: 'b', status: 'done', total: 1 },
      { id: 'c', status: 'open', total: 9.5 },
      { id: 'd', status: 'open', total: -1 },
    ]);
    expect(idsOf((await open(store).find('byStatus', { status: 'open' })).documents)).toEqual([
      'd',
      'c',
      'a',
    ]);
    expect(
      idsOf((await open(store).find('byStatus', { status: 'open' }, { descending: true })).documents),
    ).toEqual(['a', 'c', 'd']);
    expect((await open(store).find('byStatus', { status: 'lost' })).documents).toEqual([]);
  });

  test('findFollowsWrites: a document is found under its present values only', async ({ store }) => {
    await put(store, [{ id: 'a', status: 'open', total: 1 }]);
    await put(store, [{ id: 'a', status: 'done', total: 1 }]);
    expect((await open(store).find('byStatus', { status: 'open' })).documents).toEqual([]);
    expect(idsOf((await open(store).find('byStatus', { status: 'done' })).documents)).toEqual(['a']);
  });

  test('findBySeveralFields: all of them must have the values', async ({ store }) => {
    await put(store, [
      { id: 'a', customer: 'x', status: 'open' },
      { id: 'b', customer: 'y', status: 'open' },
      { id: 'c', customer: 'x', status: 'done' },
    ]);
    const found = await open(store).find('byCustomerAndStatus', { status: 'open', customer: 'x' });
    expect(idsOf(found.documents)).toEqual(['a']);
  });

  test('findInArray: a field with several values finds the document once under each of them', async ({
    store,
  }) => {
    await put(store, [
      { id: 'a', tags: ['x', 'y', 'x'] },
      { id: 'b', tags: [] },
      { id: 'c', tags: ['y'] },
    ]);
    expect(idsOf((await open(store).find('byTag', { tags: 'x' })).documents)).toEqual(['a']);
    expect(idsOf((await open(store).find('byTag', { tags: 'y' })).documents)).toEqual(['a', 'c']);
    await put(store, [{ id: 'a', tags: ['z'] }]);
    expect(idsOf((await open(store).find('byTag', { tags: 'y' })).documents)).toEqual(['c']);
  });

  test('findNull: a field that is null or missing is found under null', async ({ store }) => {
    await put(store, [{ id: 'a', status: null }, { id: 'b' }, { id: 'c', status: 'null' }]);
    expect(idsOf((await open(store).find('byStatus', { status: null })).documents)).toEqual(['a', 'b']);
  });

  test('findIsExact: values differ by case, accents, type and trailing blanks', async ({ store }) => {
    const statuses = ['open', 'Open', 'öpen', 'open ', '1'];
    await put(
      store,
      statuses.map((status) => ({ id: status, status })),
    );
    for (const status of statuses) {
      expect(idsOf((await open(store).find('byStatus', { status })).documents)).toEqual([status]);
    }
    expect((await open(store).find('byStatus', { status: 1 })).documents).toEqual([]);
  });

  test('undeclaredIsRefused: an index or fields that were not declared are a programming fault', async ({
    store,
  }) => {
    await put(store, [{ id: 'a' }]);
    const of = (code: string) => expect.objectContaining({ code, origin: 'programming' });
    await expect(open(store).find('byColour', {})).rejects.toEqual(of('index-unknown'));
    await expect(open(store).find('toString', {})).rejects.toEqual(of('index-unknown'));
    await expect(open(store).find('byStatus', {})).rejects.toEqual(of('index-fields'));
    await expect(open(store).find('byStatus', { status: 'a', total: 1 })).rejects.toEqual(of('index-fields'));
  });
}

function paging({ test }: Suite): void {
  const names = ['a', 'b', 'c', 'd', 'e'];

  test('pagingContinues: pages follow each other, in both directions, without a gap', async ({ store }) => {
    await put(
      store,
      names.map((name) => ({ id: name, status: 'open', total: 1 })),
    );
    for (const descending of [false, true]) {
      const seen: (string | undefined)[] = [];
      let after: string | undefined;
      do {
        const options = { limit: 2, descending, ...(after === undefined ? {} : { after }) };
        const page = await open(store).find('byStatus', { status: 'open' }, options);
        expect(page.documents.length).toBeLessThanOrEqual(2);
        seen.push(...idsOf(page.documents));
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual(descending ? names.toReversed() : names);
    }
  });

  test('pagingOfAll: all documents come in the order of their ids, by code unit', async ({ store }) => {
    const ids = ['B', 'a', 'Z', 'ä', '10', '9'];
    await put(
      store,
      ids.map((name) => ({ id: name })),
    );
    const first = await open(store).all({ limit: 4 });
    const second = await open(store).all({ limit: 4, after: first.next! });
    expect(idsOf([...first.documents, ...second.documents])).toEqual(['10', '9', 'B', 'Z', 'a', 'ä']);
    expect(second.next).toBeUndefined();
  });

  test('pagingUnderWrites: what was there all along is given exactly once', async ({ store }) => {
    await put(
      store,
      names.map((name) => ({ id: name })),
    );
    const first = await open(store).all({ limit: 2 });
    await store.write(copy, [change('b', null, await loadOne(store, 'b')), change('aa', { id: 'aa' })]);
    const second = await open(store).all({ after: first.next! });
    expect(idsOf([...first.documents, ...second.documents])).toEqual(names);
  });

  test('pageLimits: a page holds 1 to 1,000 documents, and continues only another page', async ({
    store,
  }) => {
    await put(store, [{ id: 'a' }]);
    await expect(open(store).all({ limit: 0 })).rejects.toThrow(
      expect.objectContaining({ code: 'page-limit' }),
    );
    await expect(open(store).all({ limit: 1001 })).rejects.toThrow(
      expect.objectContaining({ code: 'page-limit' }),
    );
    await expect(open(store).all({ after: 'nonsense' })).rejects.toThrow(
      expect.objectContaining({ code: 'page-after' }),
    );
  });
}

function copies({ test }: Suite): void {
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

function sizes({ test, capability }: Suite): void {
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
