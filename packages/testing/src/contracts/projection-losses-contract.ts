import type { SubscriptionNotice } from '@diptych/core';
import { expect } from 'vitest';
import { failingCheckpoints } from './failing-checkpoints.js';
import { ForgetfulStore } from './forgetful-store.js';
import { notes } from './noted.js';
import { expectFolded, leaseOverInMs, writeSome } from './projection-steps.js';
import { type ProjectionGround, type ProjectionSuite, ProjectionWorld } from './projection-world.js';

const noticedInMs = 6_000;

function forgetful(ground: ProjectionGround) {
  const store = new ForgetfulStore(ground.readModels);
  const notices: SubscriptionNotice[] = [];
  const world = new ProjectionWorld({ ...ground, readModels: store.asStore });
  const run = (owner: string) =>
    world.run(owner, [notes()], { subscription: { observe: (notice) => void notices.push(notice) } });
  const rewound = () => notices.filter(({ kind }) => kind === 'partition-rewound');
  return { store, world, run, rewound };
}

/** What projections promise over a store that may lose what it had acknowledged. */
export function losing({ test }: ProjectionSuite): void {
  test('lostWhileIdle: promise 3: a loss is noticed without traffic, and the events count once each', async (ground) => {
    const { store, world, run, rewound } = forgetful(ground);
    await run('one');
    await writeSome(world);
    await world.settle();
    store.replicate();
    await writeSome(world);
    await world.settle();
    await store.failOver();
    expect(await world.served(notes())).not.toEqual(await world.folded());
    await world.after(noticedInMs);
    await expectFolded(world, notes());
    expect(rewound()).not.toEqual([]);
    expect(rewound()).toEqual(rewound().filter((notice) => 'to' in notice && notice.to !== undefined));
  });

  test('lostUnderTraffic: promise 3: a batch that comes right after a loss hides nothing', async (ground) => {
    const { store, world, run } = forgetful(ground);
    await run('one');
    await writeSome(world);
    await world.settle();
    await store.failOver();
    await writeSome(world);
    await world.after(noticedInMs);
    await expectFolded(world, notes());
  });

  test('lostWhileDown: promise 3: whoever takes a partition looks first whether its effects are there', async (ground) => {
    const { store, world, run } = forgetful(ground);
    const first = await run('one');
    await writeSome(world);
    await world.settle();
    world.kill(first);
    await store.failOver();
    await ground.advanceTime(leaseOverInMs);
    await run('two');
    await world.after(noticedInMs);
    await expectFolded(world, notes());
  });

  test('nothingLost: a server that has everything is no reason to go back', async (ground) => {
    const { store, world, run, rewound } = forgetful(ground);
    await run('one');
    await writeSome(world);
    await world.settle();
    store.replicate();
    await world.after(noticedInMs);
    expect(rewound()).toEqual([]);
    await expectFolded(world, notes());
  });

  test('evidenceShown: promise 5: who waited is told by which evidence it may read', async (ground) => {
    const { store, world, run } = forgetful(ground);
    await run('one');
    const token = await world.write('a', { documents: ['x'], amount: 1 });
    await world.settle();
    const evidence = await world.freshness.waitUntil(['notes/v1'], token);
    expect(evidence.get('notes/v1')).toEqual([expect.stringContaining(`"writes":${store.writes}`)]);
  });

  test('retriedIsEvident: promise 5: the evidence covers what was parked and applied later', async (ground) => {
    const store = new ForgetfulStore(ground.readModels);
    const world = new ProjectionWorld({ ...ground, readModels: store.asStore });
    const poison = new Set(['x']);
    await world.run('one', [notes({ poison })], {
      subscription: { parking: { immediate: 0, delaysInMs: [1_000] } },
    });
    const token = await world.write('a', { documents: ['x', 'y'], amount: 1 });
    await world.settle();
    poison.clear();
    await world.after(1_500);
    const evidence = await world.freshness.waitUntil(['notes/v1'], token);
    expect((await world.served(notes()))!.x!.total).toBe(1);
    expect(evidence.get('notes/v1')).toEqual([expect.stringContaining(`"writes":${store.writes}`)]);
  });

  test('repeatConfirmed: a repeat that finds its effect there has it confirmed', async (ground) => {
    const { store, world } = forgetful(ground);
    await world.write('a', { documents: ['x', 'y'], amount: 1 });
    const failing = failingCheckpoints(ground.subscriptions);
    const doomed = await world.run('one', [notes()], { subscription: { store: failing } });
    await world.turnOnce();
    await world.turnOnce();
    world.kill(doomed);
    store.confirmed.length = 0;
    await ground.advanceTime(leaseOverInMs);
    await world.run('two', [notes()]);
    await world.after(31_000);
    expect(store.confirmed.sort()).toEqual(['x', 'y']);
    await expectFolded(world, notes());
  });
}
