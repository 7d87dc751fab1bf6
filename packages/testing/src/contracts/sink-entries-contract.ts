import { expect } from 'vitest';
import { type SinkSuite, sending, sinkCopy, sinkDefinition, sinkId, totals } from './sink-fixture.js';

/** What entries of a sink are. */
export function sinkEntries(suite: SinkSuite): void {
  showing(suite);
  listing(suite);
}

function showing({ test, capability }: SinkSuite): void {
  test('mirror: what was acknowledged is seen, and replaced by what comes later', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    const outcomes = await subject.sink.mirror(sinkCopy, [sending('a', 1), sending('b', 2)]);
    expect(outcomes).toEqual([{ kind: 'mirrored' }, { kind: 'mirrored' }]);
    expect(await totals(subject)).toEqual({ a: 1, b: 2 });
    await subject.sink.mirror(sinkCopy, [sending('a', 3)]);
    expect(await totals(subject)).toEqual({ a: 3, b: 2 });
  });

  test('whatComesLastStays: also an older state', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    await subject.sink.mirror(sinkCopy, [sending('a', 2, { sentAt: 2_000 })]);
    await subject.sink.mirror(sinkCopy, [sending('a', 1, { sentAt: 1_000 })]);
    expect(await totals(subject)).toEqual({ a: 1 });
  });

  test('replacedWhole: fields that a document has no more are gone', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    await subject.sink.mirror(sinkCopy, [sending('a', 1)]);
    await subject.sink.mirror(sinkCopy, [{ ...sending('a', 1), body: '{"id":"a","total":2}' }]);
    await subject.shown();
    const [document] = await subject.seen(sinkCopy, 'default');
    expect(document).toMatchObject({ id: 'a', total: 2 });
    expect(document!.streams ?? []).toEqual([]);
  });

  test('deletedIsHidden: the entry of a deleted document is shown to no query, and can be replaced', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    await subject.sink.mirror(sinkCopy, [sending('a', 1), sending('b', 1)]);
    await subject.sink.mirror(sinkCopy, [sending('a', null), sending('never', null)]);
    expect(await totals(subject)).toEqual({ b: 1 });
    await subject.sink.mirror(sinkCopy, [sending('a', 4)]);
    expect(await totals(subject)).toEqual({ a: 4, b: 1 });
  });

  test('tenantIsolation: documents of one id in several tenants are several documents', async (subject) => {
    const tenants = ['default', 'two/three', "o'neil", '', 'TWO/three'];
    await subject.sink.create(sinkDefinition, sinkCopy);
    await subject.sink.mirror(
      sinkCopy,
      tenants.map((tenant, index) => sending('x', index + 1, { tenant })),
    );
    for (const [index, tenant] of tenants.entries())
      expect(await totals(subject, { tenant }), tenant).toEqual({ x: index + 1 });
    expect(await totals(subject, { tenant: 'nobody' })).toEqual({});
  });

  test('anyId: ids of any text are kept apart, and come back as they were', async (subject) => {
    const names = ['a/b', 'a-b', 'a b', 'A/B', 'ä', '😀', "it's", '_x', '#?%&+', '..', '=', 'x'.repeat(512)];
    await subject.sink.create(sinkDefinition, sinkCopy);
    await subject.sink.mirror(
      sinkCopy,
      names.map((name, index) => sending(name, index)),
    );
    expect(await totals(subject)).toEqual(Object.fromEntries(names.map((name, index) => [name, index])));
    const { entries } = await subject.sink.entries(sinkCopy, { limit: 100 });
    expect(new Set(entries.map(({ id }) => id.name))).toEqual(new Set(names));
  });

  test('idsAreNoSeparators: a tenant and an id that read the same as another pair are not the same', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    const pairs = [
      ['a', 'b/c'],
      ['a/b', 'c'],
      ['a', 'b'],
      ['ab', ''],
      ['', 'ab'],
    ] as const;
    await subject.sink.mirror(
      sinkCopy,
      pairs.map(([tenant, name], index) => sending(name, index, { tenant })),
    );
    await subject.shown();
    const { entries } = await subject.sink.entries(sinkCopy, { limit: 100 });
    expect(entries.map(({ id }) => [id.tenant, id.name]).sort()).toEqual([...pairs].sort());
  });

  test('refusedAlone: what a sink refuses keeps nothing else from being mirrored', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    const outcomes = await subject.sink.mirror(sinkCopy, [
      sending('a', 1),
      sending('b', 0.5),
      sending('c', 3),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['mirrored', 'refused', 'mirrored']);
    expect(outcomes[1]).toMatchObject({ reason: expect.stringMatching(/./) });
    expect(await totals(subject)).toEqual({ a: 1, c: 3 });
  });

  test('largeBatch: more than any service takes at once is mirrored', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    const changes = Array.from({ length: 2_345 }, (_, index) => sending(`n${index}`, index));
    const outcomes = await subject.sink.mirror(sinkCopy, changes);
    expect(outcomes.filter(({ kind }) => kind === 'mirrored')).toHaveLength(2_345);
    await subject.shown();
    let [found, after]: [number, string | undefined] = [0, undefined];
    do {
      const page = await subject.sink.entries(sinkCopy, { limit: 1_000, after });
      found += page.entries.length;
      after = page.next;
    } while (after !== undefined);
    expect(found).toBe(2_345);
  });

  test('nothing: an empty batch is answered', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    expect(await subject.sink.mirror(sinkCopy, [])).toEqual([]);
    await subject.sink.remove(sinkCopy, []);
  });

  capability('foreseen refusals', {
    has: () =>
      test('refusalForeseen: a document that would be refused is told before it is sent', async ({
        sink,
      }) => {
        expect(sink.refusalOf!(sinkCopy, sending('a', 1).body!)).toBeUndefined();
        expect(sink.refusalOf!(sinkCopy, sending('a', 0.5).body!)).toMatch(/total/);
      }),
    lacks: () =>
      test('refusalUnforeseen: nothing is told before', async ({ sink }) => {
        expect(sink.refusalOf).toBeUndefined();
      }),
  });
}

function listing({ test }: SinkSuite): void {
  test('entries: in the order of sending, in pages, with their stamps and without documents', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    const changes = [5, 3, 4, 1, 2, 3, 3].map((at, index) => sending(`n${index}`, 1, { sentAt: 1_000 * at }));
    await subject.sink.mirror(sinkCopy, changes);
    await subject.shown();
    const first = await subject.sink.entries(sinkCopy, { limit: 4 });
    const second = await subject.sink.entries(sinkCopy, { limit: 4, after: first.next });
    expect(first.entries.map(({ sentAt }) => sentAt)).toEqual([1_000, 2_000, 3_000, 3_000]);
    expect(second.entries.map(({ sentAt }) => sentAt)).toEqual([3_000, 4_000, 5_000]);
    expect(second.next).toBeUndefined();
    const all = [...first.entries, ...second.entries];
    expect(new Set(all.map(({ id }) => id.name)).size).toBe(7);
    const { body: _body, ...stamp } = changes[3]!;
    expect(all[0]).toEqual({ ...stamp, isDeleted: false });
  });

  test('entriesByTime: from a time on, and before a time', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    const changes = [1, 2, 3].map((at) => sending(`n${at}`, 1, { sentAt: 1_893_456_000_000 + at }));
    await subject.sink.mirror(sinkCopy, changes);
    await subject.shown();
    const named = async (query: { sentFrom?: number; sentBefore?: number }) =>
      (await subject.sink.entries(sinkCopy, { ...query, limit: 10 })).entries.map(({ id }) => id.name);
    expect(await named({ sentFrom: 1_893_456_000_002 })).toEqual(['n2', 'n3']);
    expect(await named({ sentBefore: 1_893_456_000_002 })).toEqual(['n1']);
    expect(await named({ sentFrom: 1_893_456_000_002, sentBefore: 1_893_456_000_003 })).toEqual(['n2']);
  });

  test('deletedEntries: those of deleted documents are found until they are removed', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    await subject.sink.mirror(sinkCopy, [sending('a', 1), sending('b', null), sending('c', null)]);
    await subject.shown();
    const deleted = async () =>
      (await subject.sink.entries(sinkCopy, { deletedOnly: true, limit: 10 })).entries;
    expect((await deleted()).map(({ id, isDeleted }) => [id.name, isDeleted])).toEqual([
      ['b', true],
      ['c', true],
    ]);
    await subject.sink.remove(sinkCopy, [sinkId('b'), sinkId('never')]);
    await subject.sink.remove(sinkCopy, [sinkId('b')]);
    await subject.shown();
    expect((await deleted()).map(({ id }) => id.name)).toEqual(['c']);
    expect(await totals(subject)).toEqual({ a: 1 });
  });
}
