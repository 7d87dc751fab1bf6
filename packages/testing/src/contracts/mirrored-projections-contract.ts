import { expect } from 'vitest';
import { failingCheckpoints } from './failing-checkpoints.js';
import { LateSink } from './late-sink.js';
import { live } from './mirror-history.js';
import { MirroredWorld } from './mirrored-world.js';
import { notes } from './noted.js';
import { leaseOverInMs, writeSome } from './projection-steps.js';
import type { SinkSuite } from './sink-fixture.js';

/** What projections promise whose documents are mirrored. */
export function mirroredProjections(suite: SinkSuite, seeds: readonly number[]): void {
  feeding(suite);
  crashing(suite);
  parking(suite);
  for (const seed of seeds) {
    suite.test(
      `foldInTheEnd: promise 3: whatever happens on the way, the mirror is what a plain fold makes, seed ${seed}`,
      (subject) => live(subject, seed),
    );
  }
}

function feeding({ test }: SinkSuite): void {
  test('fed: promise 3: the mirror is what a plain fold makes when the checkpoint has moved', async (subject) => {
    const world = new MirroredWorld(subject);
    const projection = notes();
    await world.run('one', [projection]);
    await writeSome(world);
    await world.write('d', { documents: ['d'], amount: 0, removes: true });
    await world.write('a', { documents: ['x'], amount: 3 }, 'two/three');
    await world.settle();
    await world.expectMirrored(projection);
    await world.expectMirrored(projection, 'two/three');
  });

  test('rebuildWhileServing: promise 7: queries of the mirror see no missing and no older document', async (subject) => {
    const world = new MirroredWorld(subject);
    const projection = notes();
    await world.run('one', [projection]);
    await writeSome(world);
    await world.settle();
    await world.rebuilds([projection], 8).start('notes');
    let total = 0;
    for (let round = 0; round < 30; round++) {
      if (round < 20) await writeSome(world, 1);
      await subject.advanceTime(400);
      await world.settle();
      const seen = (await world.seen(projection))!.all!.total;
      expect(seen).toBeGreaterThanOrEqual(total);
      total = seen;
    }
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    await world.expectMirrored(projection);
    await world.after(12 * 60_000);
    expect(await world.ground.readModels.list('notes')).toHaveLength(1);
    expect(await world.ground.subscriptions.state('sweep/notes/v1')).toEqual([]);
    await world.expectMirrored(projection);
  });
}

function crashing({ test }: SinkSuite): void {
  test('killBetweenSteps: promise 3: whichever request a process dies at, the mirror misses nothing', async (subject) => {
    const world = new MirroredWorld(subject);
    await writeSome(world, 1);
    for (const passage of ['lost', 'unanswered', 'late'] as const) {
      for (const request of [1, 2, 3]) {
        let sent = 0;
        const line = new LateSink(subject.sink);
        line.passage = () => (++sent >= request ? passage : 'in-time');
        await writeSome(world, 1);
        const doomed = await world.run(`${passage} ${request}`, [notes()], {
          store: world.storeOver(line.asSink),
        });
        for (let turns = 0; turns < 8; turns++) await world.turnOnce();
        world.kill(doomed);
        await subject.advanceTime(leaseOverInMs);
        while (line.lateOnes > 0) await line.land();
      }
    }
    await world.run('survivor', [notes()]);
    await world.after(61_000);
    await world.expectMirrored(notes());
  });

  test('diedBeforeMirroring: promise 3: with the document written and not mirrored, a repeat mirrors it', async (subject) => {
    const world = new MirroredWorld(subject);
    const line = new LateSink(subject.sink);
    line.passage = () => 'lost';
    const first = await world.run('zero', [notes()]);
    await world.settle();
    world.kill(first);
    await first.host.stop();
    await writeSome(world, 1);
    const doomed = await world.run('one', [notes()], { store: world.storeOver(line.asSink) });
    await world.turnOnce();
    await world.turnOnce();
    world.kill(doomed);
    await subject.advanceTime(leaseOverInMs);
    await world.run('two', [notes()]);
    // Less than the window: nothing but the repeat itself has mirrored it.
    await world.after(5_000);
    await world.expectMirrored(notes());
  });

  test('checkpointLost: promise 3: with the checkpoint not written, what is mirrored again is the same', async (subject) => {
    const world = new MirroredWorld(subject);
    await writeSome(world);
    const store = failingCheckpoints(world.ground.subscriptions);
    const doomed = await world.run('one', [notes()], { subscription: { store } });
    for (let turns = 0; turns < 8; turns++) await world.turnOnce();
    world.kill(doomed);
    await subject.advanceTime(leaseOverInMs);
    await world.run('two', [notes()]);
    await world.after(31_000);
    await world.expectMirrored(notes());
  });
}

function parking({ test, capability }: SinkSuite): void {
  test('refusedParks: promise 6: a document that the mirror refuses parks, and holds up no other', async (subject) => {
    const world = new MirroredWorld(subject);
    const projection = notes();
    await world.run('one', [projection]);
    await world.write('a', { documents: ['a', 'b'], amount: 1 });
    await world.write('a', { documents: ['a'], amount: 0.5 });
    await world.write('a', { documents: ['a', 'b'], amount: 1 });
    await world.settle();
    const [head] = await world.parked(projection);
    expect(head).toMatchObject({ key: 'default/a', failure: { code: 'mirror-refused' } });
    expect(await world.seen(projection)).toMatchObject({ b: { total: 2 } });
  });

  capability('foreseen refusals', {
    has: () =>
      test('refusedUnwritten: promise 6: what is foreseen is not written either: the state before is seen in both', async (subject) => {
        const world = new MirroredWorld(subject);
        await world.run('one', [notes()]);
        for (const amount of [1, 0.5, 1]) await world.write('a', { documents: ['a'], amount });
        await world.settle();
        expect(await world.parked(notes())).toHaveLength(2);
        expect(await world.served(notes())).toMatchObject({ a: { total: 1 } });
        expect(await world.seen(notes())).toMatchObject({ a: { total: 1 } });
      }),
    lacks: () =>
      test('refusedWritten: promise 6: what is not foreseen is written, and waits for the mirror', async (subject) => {
        const world = new MirroredWorld(subject);
        await world.run('one', [notes()]);
        await world.write('a', { documents: ['a'], amount: 0.5 });
        await world.settle();
        expect(await world.parked(notes())).toHaveLength(1);
        expect(await world.served(notes())).toMatchObject({ a: { total: 0.5 } });
        expect(await world.seen(notes())).toEqual({});
      }),
  });

  test('refusedLater: promise 6: what nobody could foresee parks as well, and is mirrored once it is taken', async (subject) => {
    const world = new MirroredWorld(subject);
    const projection = notes();
    let isBroken = true;
    const blind = new Proxy(subject.sink, {
      get(target, name) {
        if (name === 'refusalOf') return undefined;
        if (name === 'mirror' && isBroken) {
          return async (...[copy, changes]: Parameters<typeof target.mirror>) => {
            const bad = changes.map(({ id }) => id.name === 'a');
            const outcomes = await target.mirror(
              copy,
              changes.filter((_, index) => !bad[index]),
            );
            const others = [...outcomes];
            return bad.map((is) => (is ? { kind: 'refused', reason: 'It is full.' } : others.shift()!));
          };
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const store = world.storeOver(blind);
    await world.run('one', [projection], { store });
    await world.write('a', { documents: ['a', 'b'], amount: 1 });
    await world.write('a', { documents: ['a', 'b'], amount: 2 });
    await world.settle();
    expect(await world.seen(projection)).toMatchObject({ b: { total: 3 } });
    expect(await world.seen(projection)).not.toHaveProperty('a');
    const [head] = await world.parked(projection);
    expect(head).toMatchObject({ key: 'default/a', failure: { code: 'mirror-refused' } });
    isBroken = false;
    await world.ground.subscriptions.requestRetry(head!);
    await world.settle();
    expect(await world.parked(projection)).toEqual([]);
    await world.expectMirrored(projection);
  });
}
