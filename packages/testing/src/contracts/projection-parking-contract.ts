import { expect } from 'vitest';
import { failingCheckpoints } from './failing-checkpoints.js';
import { notes } from './noted.js';
import { expectFolded, leaseOverInMs, writeSome } from './projection-steps.js';
import { type ProjectionSuite, ProjectionWorld } from './projection-world.js';

const weekInMs = 7 * 24 * 60 * 60 * 1_000;

/** What projections promise for messages that cannot be folded. */
export function parking({ test }: ProjectionSuite): void {
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

/** What projections promise for documents that are deleted. */
export function deleting({ test }: ProjectionSuite): void {
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
