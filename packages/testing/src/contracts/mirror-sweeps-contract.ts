import { mirroredStore, noMarks } from '@diptych/core';
import { expect } from 'vitest';
import { type SinkSuite, sinkCopy, sinkId, totals, writeTotal } from './sink-fixture.js';
import { repairedInMs, swept } from './swept-mirror.js';

/** How the sweep goes about it. */
export function sweeps(suite: SinkSuite): void {
  removals(suite);
  sweeping(suite);
}

function removals({ test }: SinkSuite): void {
  test('deletedEntriesGo: the entry of a deleted document does not stay for ever', async (subject) => {
    const { store, sweeperOn, sweep } = await swept(subject);
    await writeTotal(store, 'a', 1, 1);
    await writeTotal(store, 'a', null, 2);
    await sweep(120_000, sweeperOn('one'));
    await subject.shown();
    expect((await subject.sink.entries(sinkCopy, { limit: 10 })).entries).toEqual([]);
  });

  test('lateRemoval: whoever removes an entry of a document that lives again, and dies, is followed by one who looks', async (subject) => {
    const { store, line, primary, sweeperOn, sweep } = await swept(subject);
    const { clock } = subject;
    await writeTotal(store, 'a', 1, 1);
    await writeTotal(store, 'a', null, 2);
    const doomed = sweeperOn('one', mirroredStore(primary, line.asSink, { clock }));
    await sweep(25_000, doomed);
    line.passage = () => 'late';
    await sweep(30_000, doomed);
    expect(line.lateOnes).toBeGreaterThan(0);
    await writeTotal(store, 'a', 3, 3);
    while (line.lateOnes > 0) await line.land();
    expect(await totals(subject)).toEqual({});
    await subject.advanceTime(35_000);
    await sweep(repairedInMs, sweeperOn('two'));
    expect(await totals(subject)).toEqual({ a: 3 });
  });
}

function sweeping({ test }: SinkSuite): void {
  test('oneSweeps: of several processes one sweeps, and another one goes on when it is gone', async (subject) => {
    const { store, line, primary, sweeperOn, sweep, writeAndDie } = await swept(subject);
    let sweptBy: string[] = [];
    const watched = (name: string) => {
      const own = mirroredStore(primary, subject.sink, { clock: subject.clock });
      return new Proxy(own, {
        get(target, member) {
          if (member === 'sweep') sweptBy.push(name);
          const value: unknown = Reflect.get(target, member, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    };
    const [one, two] = [sweeperOn('one', watched('one')), sweeperOn('two', watched('two'))];
    sweptBy = [];
    await sweep(20_000, one, two);
    expect(new Set(sweptBy)).toEqual(new Set(['one']));
    await writeAndDie('a', 1, 1);
    await writeTotal(store, 'a', 2, 2);
    await line.land();
    // The first one is killed: its lease has to end.
    await subject.advanceTime(20_000);
    await sweep(repairedInMs, two);
    expect(await totals(subject)).toEqual({ a: 2 });
  });

  test('quietIsCheap: with nothing new, a sweep asks the store for nothing', async (subject) => {
    const { store, primary, sweeperOn, sweep } = await swept(subject);
    const sweeper = sweeperOn('one');
    await writeTotal(store, 'a', 1, 1);
    await sweep(10_000, sweeper);
    let loads = 0;
    const load = primary.load.bind(primary);
    primary.load = (...input) => {
      loads++;
      return load(...input);
    };
    await sweep(60_000, sweeper);
    expect(loads).toBe(0);
  });

  test('refusedIsPassedOver: what the mirror refuses keeps nothing else from being repaired', async (subject) => {
    const { store, line, primary, sweeperOn, sweep, writeAndDie } = await swept(subject);
    const sweeper = sweeperOn('one');
    await writeTotal(store, 'bad', 1, 1);
    await writeAndDie('a', 1, 1);
    await writeTotal(store, 'a', 2, 2);
    await line.land();
    const [before] = await primary.load(sinkCopy, [sinkId('bad')]);
    await primary.write(sinkCopy, [
      { id: sinkId('bad'), body: '{"total":0.5}', marks: noMarks, expectedRevision: before!.revision },
    ]);
    await sweep(repairedInMs, sweeper);
    expect(await totals(subject)).toEqual({ a: 2, bad: 1 });
  });
}
