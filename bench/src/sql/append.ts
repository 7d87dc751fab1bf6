import { atMost, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { type Case, measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { eventFor, eventsPerStream, fill } from './filled-journal.js';
import { type Ground, notRun, openGround, serverUrl, titleWithout } from './server.js';

const few = 10_000;
const many = 1_000_000;

/** One event for a stream that is there, chosen at random, in a transaction of its own. */
export const append: Line = {
  id: 'sql/append',
  title: `An append to a journal of ${few} and of ${many} events${titleWithout}`,
  async run() {
    if (!serverUrl) return notRun;
    const [small, large] = [await openGround(2), await openGround(2)];
    await fill(small, few);
    await fill(large, many);
    const work = new Work();
    const cases = [appends(work, small, few), appends(work, large, many)];
    const measurements = await measure(work, cases, { turnInMs: 1_500, chunk: 50 });
    await small.close();
    await large.close();
    const [inSmall, inLarge] = [few, many].map((events) => named(measurements, nameOf(events)).rates);
    return {
      readings: readingsOf(measurements),
      comparisons: [
        compare(
          `cost at ${many} / cost at ${few} events`,
          ratioOf(inSmall!, inLarge!),
          byMedian(atMost(1.5)),
        ),
      ],
    };
  },
};

function appends(work: Work, { database }: Ground, events: number): Case {
  const streams = events / eventsPerStream;
  return {
    name: nameOf(events),
    async call() {
      await database.writeStore.commit({ entries: [eventFor(Math.floor(Math.random() * streams))] });
      await work.handle();
    },
  };
}

function nameOf(events: number): string {
  return `${events} events`;
}
