import { expect } from 'vitest';
import { contract } from './contract.js';
import { notes } from './noted.js';
import { crashing } from './projection-crash-contract.js';
import { freshness } from './projection-freshness-contract.js';
import { losing } from './projection-losses-contract.js';
import { deleting, parking } from './projection-parking-contract.js';
import { expectFolded, writeSome } from './projection-steps.js';
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
    losing(suite);
    rebuilding(suite);
  });
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
    // What this process wrote last it need not look at again.
    await world.write('a', { documents: ['a', 'b'], amount: 1 });
    await world.settle();
    expect(calls).toEqual(['load', 'write', 'write']);
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
