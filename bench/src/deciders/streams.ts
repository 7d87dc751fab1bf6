import { atMost, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { type Case, measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { Stock } from '../ours/stock.js';

const few = 300;
const many = 300_000;

/**
 * Loads a stream of one event and appends another, in a store with few streams and in one with many. No stream is
 * used twice, so that all histories are of one length: the small store is made anew when its streams are used up,
 * and the large one has enough for the whole run.
 */
export const streams: Line = {
  id: 'deciders/streams',
  title: `An event-sourced command in memory, ${few} and ${many} streams`,
  async run() {
    const work = new Work();
    const measurements = await measure(work, [fewStreams(work), await manyStreams(work)], { chunk: few });
    return {
      readings: readingsOf(measurements),
      comparisons: [
        compare(
          `cost at ${many} / cost at ${few} streams`,
          ratioOf(named(measurements, `${few} streams`).rates, named(measurements, `${many} streams`).rates),
          atMost(1.5),
        ),
      ],
    };
  },
};

function fewStreams(work: Work): Case {
  let stock = new Stock(work);
  let next = 0;
  return {
    name: `${few} streams`,
    async prepare() {
      stock = new Stock(work);
      await stock.open(few);
      next = 0;
    },
    call: () => stock.move(next++),
  };
}

async function manyStreams(work: Work): Promise<Case> {
  const stock = new Stock(work);
  await stock.open(many);
  let next = 0;
  return {
    name: `${many} streams`,
    call() {
      if (next === many) throw new Error('All streams are used up.');
      return stock.move(next++);
    },
  };
}
