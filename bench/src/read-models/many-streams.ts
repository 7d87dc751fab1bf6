import { marksIn } from '@diptych/core';
import { memoryDatabase } from '@diptych/core/memory';
import { atMost, byMedian, compare } from '../harness/comparison.js';
import type { Check, Line } from '../harness/line.js';
import { type Case, measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { notedIn } from '../notes/noted.js';
import { copyOf, ourProjector } from '../notes/our-projector.js';
import { lineOn } from './line-on-store.js';
import type { Ground, StoreCase } from './store-case.js';

const few = 1_000;
const many = 100_000;
const streamsPerUnit = 1_000;
const note = 'one for all';
const mostBytesOfMarks = 2_048;

/** One document that each of so many streams has given an event, and what one more stream costs it. */
export function manyStreams(store: StoreCase): Line {
  return lineOn(store, {
    id: `read-models/many-streams-${store.id}`,
    title: `A document of ${store.name} that ${few} and that ${many} streams feed`,
    async measure(ground) {
      const work = new Work();
      const cases = [await updates(work, ground, few), await updates(work, ground, many)];
      const measurements = await measure(work, cases, { turnInMs: 1_000, chunk: 20 });
      const [ofFew, ofMany] = [few, many].map((streams) => named(measurements, nameOf(streams)).rates);
      return {
        readings: readingsOf(measurements),
        comparisons: [
          compare(
            `cost of an update at ${many} / at ${few} streams`,
            ratioOf(ofFew!, ofMany!),
            byMedian(atMost(1.3)),
          ),
        ],
        checks: [await sizeOfMarks(ground)],
      };
    },
  });
}

/** A document that so many streams have fed; each call is an event of a new one, and the turn that projects it. */
async function updates(work: Work, { readModels }: Ground, streams: number): Promise<Case> {
  const { writeStore, reader, subscriptions } = memoryDatabase();
  const { move } = await ourProjector({ reader, subscriptions, readModels }, copyOf(streams));
  let next = 0;
  const more = (count: number) => {
    const entries = Array.from({ length: count }, () => notedIn(`stream-${next++}`, note));
    return writeStore.commit({ entries });
  };
  for (let fed = 0; fed < streams; fed += streamsPerUnit) await more(streamsPerUnit);
  await move(streams);
  return {
    name: nameOf(streams),
    async call() {
      await more(1);
      await move(1);
      return work.handle();
    },
  };
}

async function sizeOfMarks({ readModels }: Ground): Promise<Check> {
  const [document] = await readModels.load(copyOf(many), [{ tenant: 'default', name: note }]);
  const bytes = document!.marks.length;
  return {
    what: `its marks stay under ${mostBytesOfMarks} bytes`,
    passed: bytes < mostBytesOfMarks,
    seen: `${bytes} bytes, for ${marksIn(document!.marks).length} partitions`,
  };
}

function nameOf(streams: number): string {
  return `updates at ${streams} streams`;
}
