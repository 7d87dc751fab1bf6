import { stalenessOf } from '@diptych/core';
import { expect } from 'vitest';
import { notes } from './noted.js';
import { expectFolded, writeSome } from './projection-steps.js';
import { type ProjectionSuite, ProjectionWorld } from './projection-world.js';

/** What waiting for a receipt and staleness promise. */
export function freshness({ test }: ProjectionSuite): void {
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
