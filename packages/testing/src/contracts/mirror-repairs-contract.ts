import { expect } from 'vitest';
import { type SinkSuite, sending, sinkCopy, sinkId, totals, writeTotal } from './sink-fixture.js';
import { repairedInMs, swept } from './swept-mirror.js';

/** What the sweep repairs. */
export function repairing({ test }: SinkSuite): void {
  test('lateOlder: an older state that came late is repaired within 30 seconds', async (subject) => {
    const { store, line, sweeperOn, sweep, writeAndDie, repaired } = await swept(subject);
    const sweeper = sweeperOn('one');
    await writeAndDie('a', 1, 1);
    await writeTotal(store, 'a', 2, 2);
    await sweep(20_000, sweeper);
    expect(repaired).toEqual([]);
    await line.land();
    expect(await totals(subject)).toEqual({ a: 1 });
    await sweep(repairedInMs, sweeper);
    expect(await totals(subject)).toEqual({ a: 2 });
    expect(repaired).toEqual(['a']);
  });

  test('lateDeletion: a deletion that came late does not hide the document written since', async (subject) => {
    const { store, line, sweeperOn, sweep, writeAndDie } = await swept(subject);
    const sweeper = sweeperOn('one');
    await writeTotal(store, 'a', 1, 1);
    await writeAndDie('a', null, 2);
    await writeTotal(store, 'a', 3, 3);
    await sweep(20_000, sweeper);
    await line.land();
    expect(await totals(subject)).toEqual({});
    await sweep(repairedInMs, sweeper);
    expect(await totals(subject)).toEqual({ a: 3 });
  });

  test('lateResurrection: a deleted document that came back late is gone again', async (subject) => {
    const { store, line, sweeperOn, sweep, writeAndDie } = await swept(subject);
    const sweeper = sweeperOn('one');
    await writeTotal(store, 'a', 1, 1);
    await writeAndDie('a', 2, 2);
    await writeTotal(store, 'a', null, 3);
    await sweep(20_000, sweeper);
    await line.land();
    expect(await totals(subject)).toEqual({ a: 2 });
    await sweep(repairedInMs, sweeper);
    expect(await totals(subject)).toEqual({});
  });

  test('lateInTheNight: what came when nobody swept is repaired once somebody does', async (subject) => {
    const { store, line, sweeperOn, sweep, writeAndDie } = await swept(subject);
    const first = sweeperOn('one');
    await sweep(10_000, first);
    await first.stop();
    await writeAndDie('a', 1, 1);
    await writeTotal(store, 'a', 2, 2);
    await line.land();
    await subject.advanceTime(8 * 60 * 60 * 1_000);
    await sweep(repairedInMs, sweeperOn('two'));
    expect(await totals(subject)).toEqual({ a: 2 });
  });

  test('lateTwice: what was looked at and was right is looked at again when another one comes', async (subject) => {
    const { store, line, sweeperOn, sweep, writeAndDie } = await swept(subject);
    const sweeper = sweeperOn('one');
    await writeAndDie('a', 1, 1);
    await writeAndDie('a', 2, 2);
    await writeTotal(store, 'a', 3, 3);
    await sweep(10_000, sweeper);
    for (const older of [2, 1]) {
      await line.land(line.lateOnes - 1);
      expect(await totals(subject)).toEqual({ a: older });
      await sweep(10_000, sweeper);
      expect(await totals(subject)).toEqual({ a: 3 });
    }
  });

  test('sameStateLate: a state that was right when it was looked at is not right when it comes again', async (subject) => {
    const { store, line, sweeperOn, sweep, writeAndDie } = await swept(subject);
    const sweeper = sweeperOn('one');
    await writeAndDie('a', 1, 1);
    const [stored] = await store.load(sinkCopy, [sinkId('a')]);
    await store.confirm!(sinkCopy, [stored!]);
    await sweep(10_000, sweeper);
    await writeTotal(store, 'a', 2, 2);
    await line.land();
    expect(await totals(subject)).toEqual({ a: 1 });
    await sweep(repairedInMs, sweeper);
    expect(await totals(subject)).toEqual({ a: 2 });
  });

  test('unexplained: what a mirror has of an earlier life of the store is removed', async (subject) => {
    const { store, sweeperOn, sweep } = await swept(subject);
    await subject.sink.mirror(sinkCopy, [sending('ghost', 1, { sentAt: 1_000 })]);
    await writeTotal(store, 'a', 1, 1);
    await sweep(repairedInMs, sweeperOn('one'));
    expect(await totals(subject)).toEqual({ a: 1 });
  });
}
