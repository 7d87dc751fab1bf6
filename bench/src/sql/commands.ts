import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { commandsByHand, commandsInOneRequest } from './commands-by-hand.js';
import { ourCommands } from './our-commands.js';
import { notRun, openGround, serverUrl, titleWithout } from './server.js';

export function commands(atOnce: number): Line {
  return {
    id: `sql/commands-${atOnce}`,
    title: `Commands with two rows, one event and an inbox mark, ${atOnce} at a time${titleWithout}`,
    async run() {
      if (!serverUrl) return notRun;
      // Half of a pool is for transactions, and the other half for what these and everybody else need meanwhile.
      const ground = await openGround(2 * atOnce);
      const work = new Work();
      const cases = [
        await ourCommands(work, ground, atOnce),
        commandsByHand(work, ground, atOnce),
        commandsInOneRequest(work, ground, atOnce),
      ];
      const chunk = Math.max(1, Math.floor(40 / atOnce));
      const measurements = await measure(work, cases, { turnInMs: 1_500, chunk });
      await ground.close();
      const against = (name: string) =>
        ratioOf(named(measurements, 'ours').rates, named(measurements, name).rates);
      return {
        readings: readingsOf(measurements),
        comparisons: [
          compare('our rate / rate by hand', against('by hand'), byMedian(atLeast(0.85))),
          compare('our rate / rate in one request', against('in one request')),
        ],
      };
    },
  };
}
