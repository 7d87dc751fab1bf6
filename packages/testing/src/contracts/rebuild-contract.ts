import { noMarks, type ProjectionRegistration, UnavailableError } from '@diptych/core';
import { expect } from 'vitest';
import { standIn } from '../doubles/stand-in.js';
import { notes } from './noted.js';
import { type ProjectionSubject, type ProjectionSuite, ProjectionWorld } from './projection-world.js';

async function started(ground: ProjectionSubject, projections: readonly ProjectionRegistration[]) {
  const world = new ProjectionWorld(ground);
  const process = await world.run('one', projections);
  const { partitions } = await ground.reader.info();
  const rebuilds = world.rebuilds(projections, partitions);
  return { world, process, rebuilds };
}

async function write(world: ProjectionWorld, amount = 1): Promise<void> {
  for (const stream of ['a', 'b', 'c']) await world.write(stream, { documents: [stream, 'all'], amount });
}

const graceInMs = 11 * 60 * 1_000;

/** What rebuilds and versions promise. */
export function rebuilding(suite: ProjectionSuite): void {
  repairing(suite);
  interrupting(suite);
  blocking(suite);
  versions(suite);
}

function repairing({ test }: ProjectionSuite): void {
  test('rebuildEqualsFold: promise 7: a damaged copy is made again, twice the same', async (ground) => {
    const projection = notes();
    const { world, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    const copy = (await world.serving(projection))!;
    const id = { tenant: 'default', name: 'all' };
    const [stored] = await ground.readModels.load(copy, [id]);
    await ground.readModels.write(copy, [
      { id, body: '{"id":"all","total":-1}', marks: stored!.marks, expectedRevision: stored!.revision },
    ]);
    for (const generation of [2, 3]) {
      expect(await rebuilds.start('notes')).toMatchObject({ generation });
      await world.after(5_000);
      expect(await world.serving(projection)).toMatchObject({ generation });
      expect(await world.served(projection)).toEqual(await world.folded());
    }
  });

  test('rebuildDropsOrphans: promise 7: documents that the journal does not explain are gone', async (ground) => {
    const projection = notes();
    const { world, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    const id = { tenant: 'default', name: 'orphan' };
    await ground.readModels.write((await world.serving(projection))!, [
      { id, body: '{"id":"orphan"}', marks: noMarks, expectedRevision: undefined },
    ]);
    await rebuilds.start('notes');
    await world.after(5_000);
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('rebuildZeroEvents: promise 7: an empty journal makes an empty copy, which serves', async (ground) => {
    const projection = notes();
    const { world, rebuilds } = await started(ground, [projection]);
    await world.settle();
    await rebuilds.start('notes');
    await world.after(5_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual({});
  });

  test('rebuildOneLeavesOthers: promise 7: only the projection named is made again', async (ground) => {
    const projections = [notes(), notes({ name: 'others' })];
    const { world, rebuilds } = await started(ground, projections);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await world.after(5_000);
    expect(await world.serving(projections[0]!)).toMatchObject({ generation: 2 });
    expect(await world.serving(projections[1]!)).toMatchObject({ generation: 1 });
    expect(await world.served(projections[1]!)).toEqual(await world.folded());
  });

  test('rebuildUnderTraffic: promise 7: no query sees a missing or an older document at any time', async (ground) => {
    const projection = notes();
    const { world, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    let total = 0;
    for (let round = 0; round < 60; round++) {
      if (round < 40) await write(world);
      await ground.advanceTime(200);
      await world.settle();
      const seen = (await world.served(projection))!.all!.total;
      expect(seen).toBeGreaterThanOrEqual(total);
      total = seen;
    }
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('switchWaitsForNew: promise 7: with the old copy ahead, the new one first comes as far', async (ground) => {
    const projection = notes();
    const { world, process, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await process.host.turn();
    const old = process.runners.get('notes/v1')!;
    const next = process.runners.get('notes/v1/g2')!;
    await next.turn();
    next.pause();
    await write(world);
    await old.turn();
    await world.after(3_000);
    const owners = (await ground.subscriptions.state('notes/v1')).map(({ owner }) => owner);
    expect(new Set(owners)).toEqual(new Set(['one/switch']));
    expect(await world.serving(projection)).toMatchObject({ generation: 1 });
    expect(await world.served(projection)).toEqual(await world.folded());
    next.resume();
    await world.after(3_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('switchGivesUp: promise 7: the old copy does not stand still for long when the new one hangs', async (ground) => {
    const projection = notes();
    const { world, process, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await process.host.turn();
    const next = process.runners.get('notes/v1/g2')!;
    await next.turn();
    next.pause();
    await write(world);
    await process.runners.get('notes/v1')!.turn();
    await world.after(3_000);
    await write(world);
    await world.after(16_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 1 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('rebuildGlobal: promise 7: a projection over all partitions in one order is made again too', async (ground) => {
    const projection = notes({ ordering: 'global' });
    const { world, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await world.after(5_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('oldIsFedUntilDropped: promise 7: who still reads the old copy reads no stale one', async (ground) => {
    const projection = notes();
    const { world, rebuilds } = await started(ground, [projection]);
    const old = { model: 'notes', version: 1, generation: 1 };
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await world.after(5_000);
    await write(world);
    await world.after(5_000);
    expect(await world.documents(projection, old)).toEqual(await world.folded());
    await world.after(graceInMs + 60_000);
    expect((await ground.readModels.list('notes')).map(({ generation }) => generation)).toEqual([2]);
    expect(await ground.subscriptions.state('notes/v1')).toEqual([]);
    await write(world);
    await world.after(5_000);
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('progress: it says how much of the journal is done', async (ground) => {
    const projection = notes();
    const { world, process, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    expect(await rebuilds.progress()).toEqual([]);
    await rebuilds.start('notes');
    expect(await rebuilds.progress()).toMatchObject([
      { copy: { generation: 2 }, done: 0, total: 3, blockedBy: [] },
    ]);
    await process.host.turn();
    await process.runners.get('notes/v1/g2')!.turn();
    expect(await rebuilds.progress()).toMatchObject([{ done: 3, total: 3 }]);
  });
}

function interrupting({ test }: ProjectionSuite): void {
  test('crashResumes: promise 7: another process goes on where the one that rebuilt has died', async (ground) => {
    const projection = notes();
    const { world, process, rebuilds } = await started(ground, [projection]);
    for (let round = 0; round < 10; round++) await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await process.host.turn();
    await process.runners.get('notes/v1/g2')!.turn();
    world.kill(process);
    await write(world);
    await world.run('two', [projection]);
    await world.after(60_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('crashWhileSwitching: promise 7: the old copy goes on when the switcher has died', async (ground) => {
    const projection = notes();
    const { world, process, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await world.settle();
    await ground.advanceTime(100);
    await world.settle();
    expect(await world.serving(projection)).toMatchObject({ generation: 1 });
    const owners = (await ground.subscriptions.state('notes/v1')).map(({ owner }) => owner);
    expect(new Set(owners)).toEqual(new Set(['one/switch']));
    world.kill(process);
    await write(world);
    await world.run('two', [projection]);
    await world.after(90_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('switcherHeldUp: promise 7: a switch that was held up on its way, until the old copy went on, is none', async (ground) => {
    const projection = notes();
    const world = new ProjectionWorld(ground);
    let served: readonly unknown[] | undefined;
    // The order has left this process, and comes to the store when the world has moved on.
    const store = standIn(ground.readModels, {
      async switch(from, to, options) {
        if (from === undefined || served !== undefined) return ground.readModels.switch(from, to, options);
        served = [];
        await ground.advanceTime(20_000);
        await other.runners.get('notes/v1')!.turn();
        await write(world);
        await other.runners.get('notes/v1')!.turn();
        const before = await world.served(projection);
        const outcome = await ground.readModels.switch(from, to, options);
        served = [before, await world.served(projection)];
        return outcome;
      },
    });
    const switcher = await world.run('one', [projection], { store });
    const other = await world.run('two', [projection]);
    const { partitions } = await ground.reader.info();
    const rebuilds = world.rebuilds([projection], partitions);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await world.after(40_000);
    expect(served).toHaveLength(2);
    expect(served![1]).toEqual(served![0]);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
    world.kill(switcher);
  });

  test('switchAnswerLost: promise 7: where nobody knows whether it was done, the old copy stands still as if it was', async (ground) => {
    const projection = notes();
    const old = { model: 'notes', version: 1, generation: 1 };
    const world = new ProjectionWorld(ground);
    let atSwitch: unknown;
    const store = standIn(ground.readModels, {
      async switch(from, to, options) {
        const outcome = await ground.readModels.switch(from, to, options);
        if (from === undefined) return outcome;
        atSwitch = await world.documents(projection, old);
        throw new UnavailableError('The answer got lost.');
      },
    });
    await world.run('one', [projection], { store });
    await world.run('two', [projection]);
    const { partitions } = await ground.reader.info();
    await write(world);
    await world.settle();
    await world.rebuilds([projection], partitions).start('notes');
    for (let steps = 0; atSwitch === undefined && steps < 100; steps++) {
      await ground.advanceTime(100);
      await world.settle();
    }
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    await write(world);
    for (let passed = 0; passed < 1_500; passed += 100) {
      await world.settle();
      expect(await world.documents(projection, old)).toEqual(atSwitch);
      await ground.advanceTime(100);
    }
    await world.after(10_000);
    expect(await world.documents(projection, old)).toEqual(await world.folded());
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('standsStillAfterSwitch: promise 7: the old copy does not move while anybody may still read it', async (ground) => {
    const projection = notes();
    const old = { model: 'notes', version: 1, generation: 1 };
    const { world, process, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    for (let steps = 0; (await world.serving(projection))!.generation === 1 && steps < 100; steps++) {
      await ground.advanceTime(100);
      await world.settle();
    }
    const atSwitch = await world.documents(projection, old);
    // Even when the switcher dies just then.
    world.kill(process);
    await world.run('two', [projection]);
    await write(world);
    for (let passed = 0; passed < 1_500; passed += 100) {
      await world.settle();
      expect(await world.documents(projection, old)).toEqual(atSwitch);
      await ground.advanceTime(100);
    }
    await world.after(10_000);
    expect(await world.documents(projection, old)).toEqual(await world.folded());
  });

  test('switcherReplaced: promise 7: who may not decide any more lets the old copy go on at once', async (ground) => {
    const projection = notes();
    const { world, process, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await world.settle();
    await ground.advanceTime(100);
    await world.settle();
    expect(process.host.dueInMs()).toBeDefined();
    const decision = { subscription: 'upkeep/notes/v1', partition: 0, owner: 'two', leaseInMs: 60_000 };
    await ground.subscriptions.seize(decision);
    await world.after(2_000);
    expect(process.host.dueInMs()).toBeUndefined();
    const owners = (await ground.subscriptions.state('notes/v1')).map(({ owner }) => owner);
    expect(new Set(owners)).toEqual(new Set(['one']));
  });

  test('twoSwitchers: promise 7: of two processes that could switch, one does, and nothing is lost', async (ground) => {
    const projection = notes();
    const { world, rebuilds } = await started(ground, [projection]);
    await world.run('two', [projection]);
    await write(world);
    await world.after(5_000);
    await rebuilds.start('notes');
    await world.after(10_000);
    await write(world);
    await world.after(5_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('cancelledRebuildRetryable: promise 7: one that was given up leaves nothing behind, and the next one is whole', async (ground) => {
    const projection = notes();
    const { world, process, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    expect(await rebuilds.cancel('notes')).toBe('not-building');
    await rebuilds.start('notes');
    await process.host.turn();
    expect(await rebuilds.cancel('notes')).toBe('cancelled');
    await world.after(5_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 1 });
    expect([...process.runners.keys()]).toEqual(['notes/v1']);
    expect(await rebuilds.start('notes')).toMatchObject({ generation: 3 });
    await world.after(5_000);
    expect(await world.served(projection)).toEqual(await world.folded());
    await world.after(2 * graceInMs);
    expect((await ground.readModels.list('notes')).map(({ generation }) => generation)).toEqual([3]);
  });

  test('crashWhileDropping: promise 7: what is left of a dropped copy never makes a later one begin in the middle', async (ground) => {
    const projection = notes();
    let deaths = 1;
    const subscriptions = standIn(ground.subscriptions, {
      forget: (name) =>
        deaths-- > 0 ? Promise.reject(new Error('It dies here.')) : ground.subscriptions.forget(name),
    });
    const { world, rebuilds } = await started({ ...ground, subscriptions }, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await world.settle();
    expect(await rebuilds.cancel('notes')).toBe('cancelled');
    await world.after(2 * graceInMs);
    expect((await ground.readModels.list('notes')).map(({ generation }) => generation)).toEqual([1]);
    expect(deaths).toBeLessThan(1);
    await rebuilds.start('notes');
    await world.after(5_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('startTwice: a rebuild that is asked for again is the one that runs', async (ground) => {
    const projection = notes();
    const { world, rebuilds } = await started(ground, [projection]);
    await expect(rebuilds.start('notes')).rejects.toThrow(
      expect.objectContaining({ code: 'read-model-not-ready' }),
    );
    await expect(rebuilds.start('nobody')).rejects.toThrow(
      expect.objectContaining({ code: 'projection-unknown' }),
    );
    await write(world);
    await world.settle();
    expect(await rebuilds.start('notes')).toEqual(await rebuilds.start('notes'));
  });
}

function blocking({ test }: ProjectionSuite): void {
  async function withParked(ground: ProjectionSubject) {
    const poison = new Set<string>();
    const projection = notes({ poison });
    const all = await started(ground, [projection]);
    await write(all.world);
    await all.world.settle();
    poison.add('b');
    await all.rebuilds.start('notes');
    await all.world.after(5_000);
    return { ...all, projection, poison };
  }

  test('parkedOnlyInNew: promise 7: a copy without a document that the old one has does not serve', async (ground) => {
    const { world, rebuilds, projection, poison } = await withParked(ground);
    expect(await world.serving(projection)).toMatchObject({ generation: 1 });
    const [progress] = await rebuilds.progress();
    expect(progress!.blockedBy).toMatchObject([{ key: 'default/b', subscription: 'notes/v1/g2' }]);
    poison.clear();
    await ground.subscriptions.requestRetry(progress!.blockedBy[0]!);
    await world.after(5_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('discardedInGivenUp: promise 7: what was discarded in a copy that was given up is in the next one', async (ground) => {
    const { world, rebuilds, projection, poison } = await withParked(ground);
    for (const waitInMs of [0, 2 * graceInMs]) {
      poison.add('b');
      await rebuilds.start('notes');
      await world.after(5_000);
      const [progress] = await rebuilds.progress();
      await ground.subscriptions.requestDiscard(progress!.blockedBy[0]!);
      await world.settle();
      expect(await rebuilds.cancel('notes')).toBe('cancelled');
      await world.after(waitInMs);
      poison.clear();
      await rebuilds.start('notes');
      await world.after(5_000);
      expect(await rebuilds.progress()).toEqual([]);
      expect(await world.served(projection)).toEqual(await world.folded());
    }
  });

  test('parkedInBoth: promise 7: what the old copy has parked as well does not hold the new one up', async (ground) => {
    const poison = new Set(['b']);
    const projection = notes({ poison });
    const { world, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await world.after(5_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    poison.clear();
    const [head] = await world.parked(projection, 2);
    await ground.subscriptions.requestRetry(head!);
    await world.after(5_000);
    expect(await world.served(projection)).toEqual(await world.folded());
  });

  test('rebuildHonoursDiscards: promise 7: what operators discarded is not applied again', async (ground) => {
    const poison = new Set(['b']);
    const projection = notes({ poison });
    const { world, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    const [head] = await world.parked(projection);
    await ground.subscriptions.requestDiscard(head!);
    await world.settle();
    poison.clear();
    await write(world);
    await world.settle();
    const withoutIt = await world.folded(
      'default',
      (id, stream, version) => id === 'b' && stream === 'b' && version === 1,
    );
    expect(await world.served(projection)).toEqual(withoutIt);
    for (const generation of [2, 3]) {
      await rebuilds.start('notes');
      await world.after(5_000);
      expect(await world.serving(projection)).toMatchObject({ generation });
      expect(await world.served(projection)).toEqual(withoutIt);
    }
  });

  test('discardPassesOn: promise 7: what is discarded in the old copy meanwhile is discarded in the new one', async (ground) => {
    const poison = new Set(['b']);
    const projection = notes({ poison });
    const { world, process, rebuilds } = await started(ground, [projection]);
    await write(world);
    await world.settle();
    await rebuilds.start('notes');
    await process.host.turn();
    await process.runners.get('notes/v1/g2')!.turn();
    const [head] = await world.parked(projection);
    await ground.subscriptions.requestDiscard(head!);
    await process.runners.get('notes/v1')!.turn();
    poison.clear();
    await world.after(5_000);
    expect(await world.serving(projection)).toMatchObject({ generation: 2 });
    expect(await world.served(projection)).toEqual(await world.folded('default', (id) => id === 'b'));
  });
}

function versions({ test }: ProjectionSuite): void {
  test('versionsSideBySide: promise 7: two builds on one database each feed and read their own version', async (ground) => {
    const world = new ProjectionWorld(ground);
    const first = notes();
    const second = notes({ version: 2, poison: new Set(['a']) });
    await world.run('old build', [first]);
    await write(world);
    await world.settle();
    const { host } = await world.run('new build', [second]);
    await host.turn();
    expect(await world.serving(second)).toBeUndefined();
    expect(await world.served(first)).toEqual(await world.folded());
    await world.settle();
    await write(world);
    await world.settle();
    expect(await world.served(first)).toEqual(await world.folded());
    expect(await world.served(second)).toEqual(await world.folded('default', (id) => id === 'a'));
  });

  test('dropVersion: promise 7: a version that no build has any more goes with all that was kept for it', async (ground) => {
    const world = new ProjectionWorld(ground);
    const old = await world.run('old build', [notes()]);
    await write(world);
    await world.settle();
    world.kill(old);
    await old.host.stop();
    const second = notes({ version: 2 });
    await world.run('new build', [second]);
    await world.settle();
    const rebuilds = world.rebuilds([second], (await ground.reader.info()).partitions);
    await expect(rebuilds.dropVersion('notes', 2)).rejects.toThrow(
      expect.objectContaining({ code: 'version-in-use' }),
    );
    expect(await rebuilds.dropVersion('notes', 1)).toBe(1);
    expect((await ground.readModels.list('notes')).map(({ version }) => version)).toEqual([2]);
    expect(await ground.subscriptions.state('notes/v1')).toEqual([]);
    expect(await world.served(second)).toEqual(await world.folded());
  });
}
