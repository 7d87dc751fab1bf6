import { expect } from 'vitest';
import { change, copy, idsOf, loadOne, open, put, type ReadModelSuite } from './read-model-fixture.js';

export function finding({ test }: ReadModelSuite): void {
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

export function paging({ test }: ReadModelSuite): void {
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
