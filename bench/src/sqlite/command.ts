import type { Durability } from '@diptych/sqlite-adapters';
import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { measure } from '../harness/measure.js';
import { named, readingsOf } from '../harness/readings.js';
import { ratioOf } from '../harness/spread.js';
import { Work } from '../harness/work.js';
import { commandByHand } from './command-by-hand.js';
import { ourCommand } from './our-command.js';

export function command(durability: Durability): Line {
  return {
    id: `sqlite/command-${durability}`,
    title: `A command with two rows, one event and its inbox mark, durability ${durability}`,
    async run() {
      const work = new Work();
      const cases = [await ourCommand(work, durability), await commandByHand(work, durability)];
      const measurements = await measure(work, cases, { turnInMs: 1_000 });
      for (const one of cases) await one.close();
      const ratio = ratioOf(named(measurements, 'ours').rates, named(measurements, 'by hand').rates);
      return {
        readings: readingsOf(measurements),
        comparisons: [compare('our rate / rate by hand', ratio, byMedian(atLeast(0.7)))],
      };
    },
  };
}
