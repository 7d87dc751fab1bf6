import { type MirrorRefusedError, mirroredStore, noMarks } from '@diptych/core';
import { MemoryReadModelStore } from '@diptych/core/memory';
import { expect } from 'vitest';
import { standIn } from '../doubles/stand-in.js';
import { LateSink } from './late-sink.js';
import {
  type DocumentSinkSubject,
  type SinkSuite,
  sinkCopy,
  sinkDefinition,
  sinkId,
  totals,
  writeTotal,
} from './sink-fixture.js';

export interface MirroredSubject {
  readonly primary: MemoryReadModelStore;
  readonly line: LateSink;
  readonly store: ReturnType<typeof mirroredStore>;
}

/** A store that mirrors into the sink, over a line that is good until the test says otherwise. */
export async function mirrored({ sink, clock }: DocumentSinkSubject): Promise<MirroredSubject> {
  const primary = new MemoryReadModelStore({ clock });
  const line = new LateSink(sink);
  const store = mirroredStore(primary, line.asSink, { clock });
  await store.create(sinkDefinition, sinkCopy);
  return { primary, line, store };
}

/** What a write of a mirrored store means. */
export function mirroring({ test }: SinkSuite): void {
  test('writeIsMirrored: what was written is in the mirror, what conflicted is not', async (subject) => {
    const { store } = await mirrored(subject);
    await writeTotal(store, 'a', 1, 1);
    const stale = {
      id: sinkId('a'),
      body: '{"id":"a","total":9}',
      marks: noMarks,
      expectedRevision: 'another',
    };
    expect(await store.write(sinkCopy, [stale])).toEqual(['conflict']);
    expect(await totals(subject)).toEqual({ a: 1 });
    await writeTotal(store, 'a', 2, 2);
    await writeTotal(store, 'b', 3, 3);
    expect(await totals(subject)).toEqual({ a: 2, b: 3 });
  });

  test('deleteIsMirrored: what was deleted is seen no more, until it is written again', async (subject) => {
    const { store } = await mirrored(subject);
    await writeTotal(store, 'a', 1, 1);
    await writeTotal(store, 'a', null, 2);
    expect(await totals(subject)).toEqual({});
    await writeTotal(store, 'a', 3, 3);
    expect(await totals(subject)).toEqual({ a: 3 });
  });

  test('notWrittenUntilMirrored: a mirror that does not answer fails the write, and a repeat is confirmed', async (subject) => {
    const { store, line } = await mirrored(subject);
    for (const passage of ['lost', 'unanswered'] as const) {
      line.passage = () => passage;
      await expect(writeTotal(store, passage, 1, 1)).rejects.toThrow(
        expect.objectContaining({ code: 'unavailable' }),
      );
      line.passage = () => 'in-time';
      const [stored] = await store.load(sinkCopy, [sinkId(passage)]);
      await store.confirm!(sinkCopy, [stored!]);
      expect(await totals(subject)).toHaveProperty(passage, 1);
    }
  });

  test('staleConfirmed: a repeat that looked before another write mirrors what is there now', async (subject) => {
    const { store } = await mirrored(subject);
    await writeTotal(store, 'a', 1, 1);
    const [stored] = await store.load(sinkCopy, [sinkId('a')]);
    await writeTotal(store, 'a', 2, 2);
    await store.confirm!(sinkCopy, [stored!]);
    expect(await totals(subject)).toEqual({ a: 2 });
  });

  test('overtaken: of two who write at once, the one who comes to the mirror late looks again', async (subject) => {
    const { store, primary } = await mirrored(subject);
    const other = mirroredStore(primary, subject.sink, { clock: subject.clock });
    let arrive = () => {};
    let goOn = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const heldUp = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const held = standIn(subject.sink, {
      mirror: async (...input) => {
        arrive();
        await heldUp;
        return subject.sink.mirror(...input);
      },
    });
    const slow = mirroredStore(primary, held, { clock: subject.clock });
    await writeTotal(store, 'a', 1, 1);
    const writing = writeTotal(slow, 'a', 2, 2);
    await arrived;
    await writeTotal(other, 'a', 3, 3);
    goOn();
    await writing;
    expect(await totals(subject)).toEqual({ a: 3 });
  });

  test('refusedIsTold: a write says what the mirror refuses, and has mirrored all else', async (subject) => {
    const { store, primary } = await mirrored(subject);
    const changes = [0.5, 2].map((total, index) => {
      const name = `n${index}`;
      return {
        id: sinkId(name),
        body: JSON.stringify({ id: name, total, streams: [] }),
        marks: noMarks,
        expectedRevision: undefined,
      };
    });
    const error = await store.write(sinkCopy, changes).then(
      () => undefined,
      (thrown: MirrorRefusedError) => thrown,
    );
    expect(error).toMatchObject({ code: 'mirror-refused', refusals: [{ id: sinkId('n0') }] });
    expect(await totals(subject)).toEqual({ n1: 2 });
    const stored = await primary.load(sinkCopy, [sinkId('n0'), sinkId('n1')]);
    expect(stored.map((document) => document !== undefined)).toEqual([true, true]);
  });

  test('bothHandles: a query handler gets the handle of the store and that of the mirror', async (subject) => {
    const { store } = await mirrored(subject);
    await writeTotal(store, 'a', 1, 1);
    const model = store.open<{ readonly total: number }>(sinkDefinition, sinkCopy, 'default');
    expect(await model.get('a')).toMatchObject({ total: 1 });
    expect(model.native()).toMatchObject({ primary: expect.anything(), mirror: expect.anything() });
  });

  test('copiesTogether: a copy comes and goes in both, whatever happens in between', async (subject) => {
    const { primary } = await mirrored(subject);
    const calls: string[] = [];
    const dying = (at: string) =>
      mirroredStore(
        standIn(primary, {
          create: (...input) => step(at, 'create', () => primary.create(...input)),
          drop: (...input) => step(at, 'drop', () => primary.drop(...input)),
        }),
        subject.sink,
        { clock: subject.clock },
      );
    const step = async <T>(at: string, call: string, work: () => Promise<T>): Promise<T> => {
      calls.push(call);
      if (at === call) throw new Error('The process is gone.');
      return work();
    };
    await expect(dying('drop').drop(sinkCopy)).rejects.toThrow('gone');
    expect(await primary.list('notes')).toHaveLength(1);
    await dying('').drop(sinkCopy);
    expect(await primary.list('notes')).toEqual([]);
    await expect(dying('create').create(sinkDefinition, sinkCopy)).rejects.toThrow('gone');
    const store = dying('');
    await store.create(sinkDefinition, sinkCopy);
    await writeTotal(store, 'a', 1, 1);
    expect(await totals(subject)).toEqual({ a: 1 });
    expect(calls).toEqual(['drop', 'drop', 'create', 'create']);
  });
}
