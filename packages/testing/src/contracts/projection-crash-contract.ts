import { UnavailableError } from '@diptych/core';
import { expect } from 'vitest';
import { failingCheckpoints } from './failing-checkpoints.js';
import { notes } from './noted.js';
import { expectFolded, leaseOverInMs, writeSome } from './projection-steps.js';
import { type ProjectionSuite, ProjectionWorld } from './projection-world.js';
import { watchedStore } from './watched-store.js';

/** What projections promise when processes die. */
export function crashing({ test }: ProjectionSuite): void {
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
