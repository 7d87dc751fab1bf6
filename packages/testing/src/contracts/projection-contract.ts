import { type ProjectionRegistration, stalenessOf, UnavailableError } from '@diptych/core';
import { expect } from 'vitest';
import { contract } from './contract.js';
import { failingCheckpoints } from './failing-checkpoints.js';
import { notes } from './noted.js';
import { type ProjectionFactory, type ProjectionSuite, ProjectionWorld } from './projection-world.js';
import { rebuilding } from './rebuild-contract.js';
import { watchedStore } from './watched-store.js';

/** What projections promise over these stores: one read-model store, one subscription store, one journal. */
export function projectionContract(adapter: string, factory: ProjectionFactory): void {
  contract('projections', adapter, factory, (suite) => {
    feeding(suite);
    crashing(suite);
    parking(suite);
    deleting(suite);
    freshness(suite);
    rebuilding(suite);
  });
}

const leaseOverInMs = 3_500;
const weekInMs = 7 * 24 * 60 * 60 * 1_000;

/** Events of several streams, in several partitions, that touch documents of their own and one together. */
async function writeSome(world: ProjectionWorld, rounds = 3): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    for (const stream of ['a', 'b', 'c', 'd']) {
      await world.write(stream, { documents: [stream, 'all'], amount: round });
    }
  }
}

async function expectFolded(world: ProjectionWorld, projection: ProjectionRegistration): Promise<void> {
  expect(await world.served(projection)).toEqual(await world.folded());
}

function feeding({ test }: ProjectionSuite): void {
  test('catchUp: promise 3: what was written before and after the start is applied once each', async (ground) => {
    const world = new ProjectionWorld(ground);
    const projection = notes();
    await writeSome(world);
    await world.run('one', [projection]);
    await world.settle();
    await expectFolded(world, projection);
    await writeSome(world);
    await world.settle();
    await expectFolded(world, projection);
    expect((await world.served(projection))!.all!.total).toBe(48);
  });

  test('notReadyUntilCaughtUp: promise 7: a version serves only when it has come to the end', async (ground) => {
    const world = new ProjectionWorld(ground);
    const projection = notes();
    await writeSome(world);
    const { host } = await world.run('one', [projection]);
    await host.turn();
    expect(await world.serving(projection)).toBeUndefined();
    await world.settle();
    expect(await world.serving(projection)).toMatchObject({ generation: 1 });
  });

  test('emptyIsReady: with nothing in the journal a version serves at once', async (ground) => {
    const world = new ProjectionWorld(ground);
    const { host } = await world.run('one', [notes()]);
    await host.turn();
    expect(await world.served(notes())).toEqual({});
  });

  test('caughtUpIsNoOp: with nothing new, nothing is loaded or written', async (ground) => {
    const world = new ProjectionWorld(ground);
    const calls: string[] = [];
    const store = watchedStore(ground.readModels, (operation) => void calls.push(operation));
    await writeSome(world);
    await world.run('one', [notes()], { store });
    await world.settle();
    calls.length = 0;
    await world.after(2_000);
    expect(calls).toEqual([]);
  });

  test('roundTripBudget: a batch of a partition loads once and writes once, each document one time', async (ground) => {
    const world = new ProjectionWorld(ground);
    const calls: string[] = [];
    const store = watchedStore(ground.readModels, (operation, when) => {
      if (when === 'before') calls.push(operation);
    });
    for (let number = 0; number < 50; number++) await world.write('a', { documents: ['a', 'b'], amount: 1 });
    await world.run('one', [notes()], { store });
    await world.settle();
    expect(calls).toEqual(['load', 'write']);
    await expectFolded(world, notes());
  });

  test('tenantIsolation: an event changes documents of its own tenant only', async (ground) => {
    const world = new ProjectionWorld(ground);
    await world.write('a', { documents: ['x'], amount: 1 }, 'one');
    await world.write('a', { documents: ['x'], amount: 2 }, 'two/three');
    await world.run('one', [notes()]);
    await world.settle();
    for (const tenant of ['one', 'two/three'])
      expect(await world.served(notes(), tenant)).toEqual(await world.folded(tenant));
    expect(await world.served(notes())).toEqual({});
  });

  test('projectionsIsolated: promise 6: a projection that fails holds up no other', async (ground) => {
    const world = new ProjectionWorld(ground);
    const broken = notes({ name: 'broken', poison: new Set(['all']) });
    const sound = notes({ name: 'sound' });
    await writeSome(world);
    await world.run('one', [broken, sound]);
    await world.settle();
    await expectFolded(world, sound);
  });

  test('globalOrder: one consumer sees all partitions in position order', async (ground) => {
    const world = new ProjectionWorld(ground);
    const projection = notes({ ordering: 'global' });
    await world.run('one', [projection]);
    await world.write('a', { documents: ['x'], amount: 1 });
    await world.write('b', { documents: ['x'], amount: 0, removes: true });
    await world.write('c', { documents: ['x'], amount: 5 });
    await world.settle();
    await expectFolded(world, projection);
    expect((await world.served(projection))!.x!.total).toBe(5);
  });

  test('stopDrains: promise 8: what is in hand is finished, and the next process goes on from there', async (ground) => {
    const world = new ProjectionWorld(ground);
    const first = await world.run('one', [notes()]);
    await writeSome(world);
    await world.settle();
    world.kill(first);
    await first.host.stop();
    await writeSome(world);
    await world.run('two', [notes()]);
    await world.settle();
    await expectFolded(world, notes());
  });
}

function crashing({ test }: ProjectionSuite): void {
  test('killBetweenSteps: promise 3: whichever call a process dies at, each event counts once', async (ground) => {
    const world = new ProjectionWorld(ground);
    await writeSome(world, 2);
    for (const operation of ['load', 'write'] as const) {
      for (const when of ['before', 'after'] as const) {
        for (const call of [1, 2, 3]) {
          let seen = 0;
          const store = watchedStore(ground.readModels, (called, at) => {
            if (called === operation && at === when && ++seen >= call)
              throw new UnavailableError('The process is gone.');
          });
          await world.write('a', { documents: ['a', 'all'], amount: 1 });
          await world.write('b', { documents: ['b', 'all'], amount: 1 });
          const doomed = await world.run(`${operation} ${when} ${call}`, [notes()], { store });
          await world.settle();
          world.kill(doomed);
          await ground.advanceTime(leaseOverInMs);
        }
      }
    }
    await world.run('survivor', [notes()]);
    await world.after(31_000);
    await expectFolded(world, notes());
  });

  test('checkpointLost: promise 3: with the checkpoint not written, the events come again and count once', async (ground) => {
    const world = new ProjectionWorld(ground);
    const store = failingCheckpoints(ground.subscriptions);
    await writeSome(world);
    const doomed = await world.run('one', [notes()], { subscription: { store } });
    await world.settle();
    world.kill(doomed);
    await ground.advanceTime(leaseOverInMs);
    await world.run('two', [notes()]);
    await world.after(31_000);
    await expectFolded(world, notes());
  });

  test('zombieCannotWrite: promise 3: an owner that lost its partition in the middle of a batch changes nothing twice', async (ground) => {
    const world = new ProjectionWorld(ground);
    await writeSome(world);
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const store = watchedStore(ground.readModels, (operation, when) =>
      operation === 'write' && when === 'before' ? held : undefined,
    );
    const zombie = await world.run('zombie', [notes()], { store });
    await zombie.host.turn();
    const turning = [...zombie.runners.values()].map((runner) => runner.turn());
    world.kill(zombie);
    await ground.advanceTime(leaseOverInMs);
    await world.run('heir', [notes()]);
    await world.settle();
    await world.after(31_000);
    await expectFolded(world, notes());
    letGo();
    await Promise.all(turning);
    await expectFolded(world, notes());
    await writeSome(world);
    await world.settle();
    await expectFolded(world, notes());
  });

  test('oneDocumentFromManyPartitions: promise 3: owners that write one document at once lose nothing', async (ground) => {
    const world = new ProjectionWorld(ground);
    await world.run('one', [notes()]);
    await world.run('two', [notes()]);
    for (let number = 0; number < 40; number++)
      await world.write(`s${number}`, { documents: ['all'], amount: 1 });
    await world.after(2_000);
    await expectFolded(world, notes());
    expect((await world.served(notes()))!.all!.total).toBe(40);
  });
}

function parking({ test }: ProjectionSuite): void {
  test('poisonParksItsDocument: promise 6: others go on, and a retry brings the rest in order', async (ground) => {
    const world = new ProjectionWorld(ground);
    const poison = new Set(['b']);
    const projection = notes({ poison });
    await world.run('one', [projection]);
    await writeSome(world);
    await world.settle();
    expect(await world.served(projection)).toEqual(await world.folded('default', (id) => id === 'b'));
    const [head, ...followers] = await world.parked(projection);
    expect(head).toMatchObject({ state: 'held', key: 'default/b' });
    expect(followers).toHaveLength(2);
    poison.clear();
    await ground.subscriptions.requestRetry({ ...head!, subscription: 'notes/v1' });
    await world.settle();
    await expectFolded(world, projection);
    expect(await world.parked(projection)).toEqual([]);
  });

  test('oversizeParks: promise 6: a document that would become too large parks, and keeps what it had', async (ground) => {
    const { maxDocumentBytes } = ground.readModels.capabilities;
    if (maxDocumentBytes === undefined) return;
    const world = new ProjectionWorld(ground);
    await world.run('one', [notes()]);
    await world.write('a', { documents: ['x', 'y'], amount: 1 });
    await world.write('b'.repeat(maxDocumentBytes), { documents: ['x'], amount: 2 }).catch(() => undefined);
    await world.settle();
    const served = await world.served(notes());
    expect(served!.y!.total).toBe(1);
    expect(served!.x!.total).toBe(1);
    expect(await world.parked(notes())).toMatchObject([
      { key: 'default/x', failure: { code: 'document-too-large' } },
    ]);
  });
}

function deleting({ test }: ProjectionSuite): void {
  test('deleteAndMakeAgain: promise 3: marks outlive the document, so that nothing comes back', async (ground) => {
    const world = new ProjectionWorld(ground);
    await world.run('one', [notes()]);
    await world.write('a', { documents: ['x'], amount: 1 });
    await world.write('a', { documents: ['x'], amount: 0, removes: true });
    await world.settle();
    expect(await world.served(notes())).toEqual({});
    await world.write('a', { documents: ['x'], amount: 7 });
    await world.settle();
    await expectFolded(world, notes());
    expect((await world.served(notes()))!.x).toMatchObject({ total: 7, seen: { a: [3] } });
  });

  test('deleteWhatIsNot: promise 3: a deletion of nothing counts too, when the event comes again', async (ground) => {
    const world = new ProjectionWorld(ground);
    await world.write('a', { documents: ['x'], amount: 0, removes: true });
    const store = failingCheckpoints(ground.subscriptions);
    const first = await world.run('one', [notes()], { subscription: { store } });
    await world.settle();
    await world.write('b', { documents: ['x'], amount: 1 });
    await world.settle();
    world.kill(first);
    await ground.advanceTime(leaseOverInMs);
    await world.run('two', [notes()]);
    await world.after(31_000);
    expect((await world.served(notes()))!.x).toMatchObject({ total: 1 });
  });

  test('tombstonesGo: after seven days, once checkpoints and parked messages have passed their marks', async (ground) => {
    const world = new ProjectionWorld(ground);
    await world.run('one', [notes()]);
    const load = async (name: string) =>
      (
        await ground.readModels.load({ model: 'notes', version: 1, generation: 1 }, [
          { tenant: 'default', name },
        ])
      )[0];
    for (const name of ['x', 'y']) {
      await world.write(name, { documents: [name], amount: 1 });
      await world.write(name, { documents: [name], amount: 0, removes: true });
    }
    await world.settle();
    await ground.advanceTime(weekInMs - 3_600_000);
    await world.settle();
    expect(await load('x')).toBeDefined();
    await ground.advanceTime(2 * 3_600_000);
    await world.settle();
    expect(await load('x')).toBeUndefined();
    expect(await load('y')).toBeUndefined();
  });

  test('tombstonesStay: one with a parked message at or below its marks is kept', async (ground) => {
    const world = new ProjectionWorld(ground);
    const poison = new Set(['stuck']);
    const projection = notes({ poison });
    await world.run('one', [projection]);
    await world.write('a', { documents: ['stuck'], amount: 1 });
    await world.write('a', { documents: ['x'], amount: 0, removes: true });
    await world.settle();
    await ground.advanceTime(2 * weekInMs);
    await world.settle();
    const [stored] = await ground.readModels.load({ model: 'notes', version: 1, generation: 1 }, [
      { tenant: 'default', name: 'x' },
    ]);
    expect(stored).toMatchObject({ body: null });
  });
}

function freshness({ test }: ProjectionSuite): void {
  test('waitReturns: promise 5: the wait ends when the projection has come as far', async (ground) => {
    const world = new ProjectionWorld(ground);
    await world.run('one', [notes()]);
    await world.settle();
    const token = await world.write('a', { documents: ['x'], amount: 1 });
    let isFresh = false;
    const waiting = world.freshness.waitUntil(['notes/v1'], token).then(() => (isFresh = true));
    await ground.advanceTime(200);
    expect(isFresh).toBe(false);
    await world.settle();
    await ground.advanceTime(200);
    await waiting;
    expect((await world.served(notes()))!.x!.total).toBe(1);
  });

  test('waitTimesOut: promise 5: the time-out says that the command itself succeeded', async (ground) => {
    const world = new ProjectionWorld(ground);
    const token = await world.write('a', { documents: ['x'], amount: 1 });
    const waiting = world.freshness.waitUntil(['notes/v1'], token, { timeoutInMs: 300 });
    const failed = expect(waiting).rejects.toThrow(
      expect.objectContaining({
        code: 'after-timeout',
        details: expect.objectContaining({ commandSucceeded: true }),
      }),
    );
    await ground.advanceTime(400);
    await failed;
  });

  test('waitEndsAtParked: promise 5: an event that waits for an operator ends the wait at once', async (ground) => {
    const world = new ProjectionWorld(ground);
    const poison = new Set(['x']);
    await world.run('one', [notes({ poison })]);
    const token = await world.write('a', { documents: ['x'], amount: 1 });
    const other = await world.write('a', { documents: ['y'], amount: 1 });
    await world.settle();
    await expect(world.freshness.waitUntil(['notes/v1'], token)).rejects.toThrow(
      expect.objectContaining({ code: 'after-parked' }),
    );
    await world.freshness.waitUntil(['notes/v1'], other);
  });

  test('waitForDelayed: promise 5: an event that is tried again by itself is waited for', async (ground) => {
    const world = new ProjectionWorld(ground);
    const poison = new Set(['x']);
    const projection = notes({ poison });
    await world.run('one', [projection], {
      subscription: { parking: { immediate: 0, delaysInMs: [1_000] } },
    });
    const token = await world.write('a', { documents: ['x'], amount: 1 });
    await world.settle();
    expect(await world.parked(projection)).toMatchObject([{ state: 'delayed' }]);
    let isFresh = false;
    const waiting = world.freshness
      .waitUntil(['notes/v1'], token, { timeoutInMs: 60_000 })
      .then(() => (isFresh = true));
    await ground.advanceTime(200);
    expect(isFresh).toBe(false);
    poison.clear();
    await world.after(2_000);
    await ground.advanceTime(200);
    await waiting;
    await expectFolded(world, projection);
  });

  test('foreignToken: promise 5: a token of another journal, or beyond the end of this one, is refused at once', async (ground) => {
    const world = new ProjectionWorld(ground);
    const token = await world.write('a', { documents: ['x'], amount: 1 });
    const foreign = token.replace(/^[^;]+/, 'another') as typeof token;
    const beyond = token.replace(/[0-9a-f]{20}/, 'f'.repeat(20)) as typeof token;
    await expect(world.freshness.waitUntil(['notes/v1'], foreign)).rejects.toThrow(
      expect.objectContaining({ code: 'consistency-incarnation' }),
    );
    await expect(world.freshness.waitUntil(['notes/v1'], beyond)).rejects.toThrow(
      expect.objectContaining({ code: 'consistency-beyond-head' }),
    );
  });

  test('frozenIsSeen: staleness compares with the head of the journal, not with itself', async (ground) => {
    const world = new ProjectionWorld(ground);
    const { partitions } = await ground.reader.info();
    const process = await world.run('one', [notes()]);
    await writeSome(world);
    await world.settle();
    const now = () => stalenessOf('notes/v1', { ...ground, partitions });
    expect(await now()).toMatchObject({ entriesBehind: 0, secondsBehind: 0, checkpointAgeInMs: 0 });
    world.kill(process);
    await writeSome(world, 1);
    await ground.advanceTime(5_000);
    const stale = await now();
    expect(stale.entriesBehind).toBe(4);
    expect(stale.secondsBehind).toBeGreaterThanOrEqual(5);
    expect(stale.checkpointAgeInMs).toBeGreaterThanOrEqual(5_000);
  });
}
