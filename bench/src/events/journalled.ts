import { atLeast, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { journalledEvents } from '../ours/journalled.js';

const many = 500;
const subscriptions = 50;

/**
 * The same through the journal, where each event is handled in a unit of work. Handlers of one subscription share its
 * reads. Every further subscription reads the whole journal for itself, whatever it handles, and costs accordingly.
 */
export const journalled: Line = {
  id: 'events/journalled',
  title: `A command's event until its handler is done, through the journal in memory, registered types: 1 and ${many}`,
  async run() {
    const work = new Work();
    const one = await journalledEvents(work, { width: 1, subscriptions: 'one' });
    const shared = await journalledEvents(work, { width: many, subscriptions: 'one' });
    const apart = await journalledEvents(work, { width: subscriptions, subscriptions: 'one each' });
    const measurements = await measure(
      work,
      [
        { name: '1', call: one.call },
        { name: `${many}, one subscription`, call: shared.call },
        { name: `${subscriptions}, a subscription each`, call: apart.call },
      ],
      { chunk: 10 },
    );
    const against = (name: string) =>
      ratioOf(named(measurements, name).rates, named(measurements, '1').rates);
    return {
      readings: readingsOf(measurements),
      comparisons: [
        compare(
          `journalled event, types: ${many} / types: 1`,
          against(`${many}, one subscription`),
          atLeast(0.5),
        ),
        compare(
          `journalled event, subscriptions: ${subscriptions} / 1`,
          against(`${subscriptions}, a subscription each`),
        ),
      ],
    };
  },
};
