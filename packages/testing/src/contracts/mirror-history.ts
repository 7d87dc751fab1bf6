import { seededRandom } from '../doubles/seeded-random.js';
import { LateSink, type Passage } from './late-sink.js';
import { MirroredWorld } from './mirrored-world.js';
import { notes } from './noted.js';
import type { ProjectionProcess, ProjectionWorld } from './projection-world.js';
import type { DocumentSinkSubject } from './sink-fixture.js';

/** A history by a seed, in which requests to the mirror get lost or come late, and processes die. */
export async function live(subject: DocumentSinkSubject, seed: number): Promise<void> {
  const world = new MirroredWorld(subject);
  const draw = seededRandom(seed);
  const random = (below: number) => Math.floor(draw() * below);
  const projection = notes();
  const line = new LateSink(subject.sink);
  const passages: readonly Passage[] = ['in-time', 'in-time', 'in-time', 'lost', 'unanswered', 'late'];
  line.passage = () => passages[random(passages.length)]!;
  const store = world.storeOver(line.asSink);
  const running: ProjectionProcess[] = [];
  for (let round = 0; round < 10; round++) {
    if (running.length < 2) running.push(await world.run(`process ${round}`, [projection], { store }));
    await writeAny(world, random);
    // A few turns only: what comes next finds work half done.
    for (let turns = random(4); turns > 0; turns--) await world.turnOnce();
    if (line.lateOnes > 0 && random(2) === 0) await line.land(random(line.lateOnes));
    if (random(4) === 0) world.kill(running.splice(random(running.length), 1)[0]!);
    if (random(3) === 0) await subject.advanceTime(random(5_000));
  }
  while (line.lateOnes > 0 && random(3) > 0) await line.land(random(line.lateOnes));
  line.passage = () => 'in-time';
  await world.run('last', [projection]);
  await world.after(10_000);
  // Others come when everybody has caught up: only a sweep sees them.
  while (line.lateOnes > 0) await line.land(random(line.lateOnes));
  await world.after(61_000);
  await world.expectMirrored(projection);
}

async function writeAny(world: ProjectionWorld, random: (below: number) => number): Promise<void> {
  for (let events = 1 + random(5); events > 0; events--) {
    const stream = `s${random(5)}`;
    // Only a stream's own document is deleted: the shared one must not depend on the order between partitions.
    const removes = random(5) === 0;
    await world.write(stream, {
      documents: removes ? [stream] : [stream, 'all'],
      amount: random(10),
      removes,
    });
  }
}
