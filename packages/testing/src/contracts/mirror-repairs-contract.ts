import { mirroredStore, type ReadModelStore, Sweeper } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { expect } from 'vitest';
import { mirrored } from './mirroring-contract.js';
import { notes } from './noted.js';
import {
  type DocumentSinkSubject,
  type SinkSuite,
  sending,
  sinkCopy,
  sinkId,
  totals,
  writeTotal,
} from './sink-fixture.js';

/** Within this long after it came, an older state is repaired: what the documentation says. */
const repairedInMs = 30_000;

/** A mirrored store whose late requests come when the test says so, and processes that sweep. */
async function swept(subject: DocumentSinkSubject) {
  const { store, line, primary } = await mirrored(subject);
  const { clock, advanceTime } = subject;
  const { subscriptions } = memoryDatabase({ clock });
  const repaired: string[] = [];
  const sound = mirroredStore(primary, subject.sink, {
    clock,
    onRepaired: (_copy, documents) => void repaired.push(...documents.map(({ name }) => name)),
  });
  const sweeperOn = (owner: string, store: ReadModelStore = sound) =>
    new Sweeper({
      projections: [{ registration: notes(), folds: undefined as never, store }],
      subscriptions,
      clock,
      owner,
    });
  const sweep = async (ms: number, ...sweepers: readonly Sweeper[]) => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      await subject.shown();
      for (const sweeper of sweepers) await sweeper.turn();
      await advanceTime(5_000);
    }
  };
  /** A process writes, and dies before its request to the mirror comes. */
  const writeAndDie = async (name: string, total: number | null, event: number) => {
    line.passage = () => 'late';
    await expect(writeTotal(store, name, total, event)).rejects.toThrow();
    line.passage = () => 'in-time';
  };
  return { store: sound, line, primary, sweeperOn, sweep, writeAndDie, repaired };
}

/** What the sweep repairs. */
export function repairing(suite: SinkSuite): void {
  lateOnes(suite);
  removals(suite);
  sweeping(suite);
}

function lateOnes({ test }: SinkSuite): void {
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
      { id: sinkId('bad'), body: '{"total":0.5}', marks: {}, expectedRevision: before!.revision },
    ]);
    await sweep(repairedInMs, sweeper);
    expect(await totals(subject)).toEqual({ a: 2, bad: 1 });
  });
}
