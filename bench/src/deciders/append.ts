import { compareWithPeer } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { Work } from '../harness/work.js';
import { Stock } from '../ours/stock.js';
import { emmettAppend, streamsPerStore } from '../peers/emmett.js';

/**
 * Emmett decides and appends with no schema, no policy, no time-out and no session; ours runs its default pipeline.
 * Both write to a new stream each time, and get a new store as often as Emmett's needs one.
 */
export const append: Line = {
  id: 'deciders/append',
  title: 'Decide and append to a new stream in memory, ours through the whole default pipeline',
  async run() {
    const work = new Work();
    const measurements = await measure(work, [
      { name: 'Diptych, default pipeline', call: ourAppend(work) },
      { name: 'Emmett', call: emmettAppend(work) },
    ]);
    const ours = named(measurements, 'Diptych, default pipeline');
    return {
      readings: readingsOf(measurements),
      comparisons: [compareWithPeer('decide and append / Emmett', ours, named(measurements, 'Emmett'))],
    };
  },
};

function ourAppend(work: Work): () => Promise<void> {
  let stock = new Stock(work);
  let item = 0;
  return () => {
    if (++item % streamsPerStore === 0) stock = new Stock(work);
    return stock.move(item);
  };
}
