import { loadDriver } from '@diptych/sqlite-adapters';
import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { ratioOf } from '../harness/spread.js';
import { allRounds, inTurns } from '../harness/turns.js';
import { ourProjector } from '../notes/our-projector.js';
import { filledFile } from './filled-file.js';
import { rebuildByHand } from './rebuild-by-hand.js';

const events = 1_000_000;
const mostMegabytes = 400;

/** Both read the whole journal once, a part of it in each round, and in turn. */
export const rebuild: Line = {
  id: 'sqlite/rebuild',
  title: `A read model made again from ${events} events`,
  async run() {
    const { path, database } = await filledFile(events);
    const ways = [await ourProjector(database), rebuildByHand(await loadDriver(), path)];
    const { rates, readings } = await inTurns(ways, events / allRounds, 'events');
    const megabytes = process.resourceUsage().maxRSS / 1_024;
    return {
      readings,
      comparisons: [
        compare('our rate / rate by hand', ratioOf(rates[0]!, rates[1]!), byMedian(atLeast(0.5))),
      ],
      checks: [
        {
          what: `both together stay below ${mostMegabytes} MB`,
          passed: megabytes < mostMegabytes,
          seen: `${megabytes.toFixed(0)} MB at most, filling the file included`,
        },
      ],
    };
  },
};
