import { expect } from 'vitest';
import { seededRandom } from '../doubles/seeded-random.js';
import { contract } from './contract.js';
import { notes } from './noted.js';
import { type ProjectionProcess, type ProjectionSubject, ProjectionWorld } from './projection-world.js';

/** Ports in which things go wrong, by a seed, until they are told to stop. */
export interface FaultySubject extends ProjectionSubject {
  /** From now on nothing goes wrong any more. */
  endFaults(): void;
}

export interface FaultyFactory {
  open(seed: number): Promise<FaultySubject>;
  readonly seeds: readonly number[];
}

const projection = notes();

/** What projections promise while messages are lost, late, double or out of order, and processes come and go. */
export function projectionFaultsContract(adapter: string, factory: FaultyFactory): void {
  contract('projections under faults', adapter, { open: async () => ({}) }, ({ test }) => {
    for (const seed of factory.seeds) {
      test(`foldInTheEnd: promise 3: whatever happens on the way, documents are what a plain fold makes, seed ${seed}`, async () =>
        live(await factory.open(seed), seed));
    }
  });
}

async function live(ground: FaultySubject, seed: number): Promise<void> {
  const world = new ProjectionWorld(ground);
  const random = numbersFrom(seed);
  const running: ProjectionProcess[] = [];
  for (let round = 0; round < 12; round++) {
    if (running.length < 2) running.push(await world.run(`process ${round}`, [projection]));
    await writeSome(world, random);
    // A few turns only: what comes next finds work half done.
    for (let turns = random(4); turns > 0; turns--) await world.turnOnce();
    if (random(4) === 0) world.kill(running.splice(random(running.length), 1)[0]!);
    if (random(3) === 0) await ground.advanceTime(random(5_000));
  }
  ground.endFaults();
  await world.run('last', [projection]);
  await world.after(60_000);
  expect(await world.served(projection), `seed ${seed}`).toEqual(await world.folded());
  await ground.close?.();
}

async function writeSome(world: ProjectionWorld, random: (below: number) => number): Promise<void> {
  for (let events = 1 + random(6); events > 0; events--) {
    const stream = `s${random(6)}`;
    // Only a stream's own document is deleted: the shared one must not depend on the order between partitions.
    const removes = random(6) === 0;
    await world.write(stream, {
      documents: removes ? [stream] : [stream, 'all'],
      amount: random(10),
      removes,
    });
  }
}

function numbersFrom(seed: number): (below: number) => number {
  const random = seededRandom(seed);
  return (below) => Math.floor(random() * below);
}
