import { expect } from 'vitest';
import { nextSinkCopy, type SinkSuite, sending, sinkCopy, sinkDefinition, totals } from './sink-fixture.js';

/** What the copies in a sink are. */
export function sinkCopies({ test }: SinkSuite): void {
  test('create: making a copy again changes nothing', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    await subject.sink.mirror(sinkCopy, [sending('a', 1)]);
    await subject.sink.create(sinkDefinition, sinkCopy);
    expect(await totals(subject)).toEqual({ a: 1 });
  });

  test('createRaces: several may make it at once', async (subject) => {
    await Promise.all([1, 2, 3].map(() => subject.sink.create(sinkDefinition, sinkCopy)));
    await subject.sink.mirror(sinkCopy, [sending('a', 1)]);
    expect(await totals(subject)).toEqual({ a: 1 });
  });

  test('copiesApart: generations and versions have documents of their own', async (subject) => {
    const copies = [sinkCopy, nextSinkCopy, { ...sinkCopy, version: 2 }];
    for (const [index, copy] of copies.entries()) {
      await subject.sink.create({ ...sinkDefinition, version: copy.version }, copy);
      await subject.sink.mirror(copy, [sending('a', index)]);
    }
    for (const [index, copy] of copies.entries())
      expect(await totals(subject, { copy })).toEqual({ a: index });
  });

  test('drop: a copy goes with its entries, others stay, and twice is no harm', async (subject) => {
    for (const copy of [sinkCopy, nextSinkCopy]) {
      await subject.sink.create(sinkDefinition, copy);
      await subject.sink.mirror(copy, [sending('a', 1)]);
    }
    await subject.sink.drop(sinkCopy);
    await subject.sink.drop(sinkCopy);
    expect(await totals(subject, { copy: nextSinkCopy })).toEqual({ a: 1 });
    await subject.sink.create(sinkDefinition, sinkCopy);
    expect(await totals(subject)).toEqual({});
  });

  test('droppedIsNoPlace: what comes for a copy that is gone is not taken for mirrored', async (subject) => {
    await subject.sink.create(sinkDefinition, sinkCopy);
    await subject.sink.drop(sinkCopy);
    await expect(subject.sink.mirror(sinkCopy, [sending('a', 1)])).rejects.toThrow();
  });

  test('open: the sink gives its own handle', async ({ sink }) => {
    await sink.create(sinkDefinition, sinkCopy);
    expect(sink.open(sinkDefinition, sinkCopy, 'default')).toBeDefined();
  });
}
