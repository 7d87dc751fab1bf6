import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { type Case, measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { type NoteDocument, noteNamed } from '../notes/noted.js';
import { lineOn } from './line-on-store.js';
import { ourReads } from './our-reads.js';
import type { StoreCase } from './store-case.js';

const documents = 1_000;

/** One document by its id, so many at a time: through the query bus of an app, and with the SDK. */
export function pointRead(store: StoreCase, atOnce: number): Line {
  return lineOn(store, {
    id: `read-models/point-read-${store.id}-${atOnce}`,
    title: `A query that reads one document of ${store.name}, ${atOnce} at a time`,
    async measure(ground) {
      const names = Array.from({ length: documents }, (_, number) => noteNamed(number));
      const ours = await ourReads(ground.readModels, names);
      for (const name of names) await ground.put(await ours.read(name));
      const work = new Work();
      const cases = [
        reads('ours', work, names, atOnce, ours.read),
        reads(store.sdk, work, names, atOnce, ground.read),
      ];
      const chunk = Math.max(1, Math.floor(100 / atOnce));
      const measurements = await measure(work, cases, { turnInMs: 1_000, chunk });
      await ours.close();
      const ratio = ratioOf(named(measurements, 'ours').rates, named(measurements, store.sdk).rates);
      return {
        readings: readingsOf(measurements),
        comparisons: [
          compare(
            `our rate / rate of ${store.sdk}, ${atOnce} at a time`,
            ratio,
            atOnce === 1 ? byMedian(atLeast(0.85)) : undefined,
          ),
        ],
      };
    },
  });
}

function reads(
  name: string,
  work: Work,
  names: readonly string[],
  atOnce: number,
  read: (note: string) => Promise<NoteDocument>,
): Case {
  let next = 0;
  const one = async () => {
    const note = names[next++ % names.length]!;
    if ((await read(note)).note !== note) throw new Error(`'${note}' was not found.`);
  };
  return {
    name,
    async call() {
      if (atOnce === 1) await one();
      else await Promise.all(Array.from({ length: atOnce }, one));
      return work.handle();
    },
  };
}
