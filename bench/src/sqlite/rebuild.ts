import { loadDriver } from '@diptych/sqlite-adapters';
import { atLeast, byMedian, compare } from '../harness/comparison.js';
import type { Line } from '../harness/line.js';
import { ratioOf, spreadOf } from '../harness/spread.js';
import { filledFile } from './filled-file.js';
import { ourRebuild } from './our-rebuild.js';
import { rebuildByHand } from './rebuild-by-hand.js';

const events = 1_000_000;
const rounds = 7;
const mostMegabytes = 400;

/** Both read the whole journal once, a part of it in each round, and in turn. */
export const rebuild: Line = {
  id: 'sqlite/rebuild',
  title: `A read model made again from ${events} events`,
  async run() {
    const { path, database } = await filledFile(events);
    const ways = [await ourRebuild(database), rebuildByHand(await loadDriver(), path)];
    const rates = ways.map(() => [] as number[]);
    for (let round = 1; round <= rounds; round++) {
      for (const [index, way] of ways.entries()) {
        const start = performance.now();
        await way.goOnTo(Math.floor((events * round) / rounds));
        rates[index]!.push(events / rounds / ((performance.now() - start) / 1_000));
      }
    }
    for (const way of ways) await way.close();
    const megabytes = process.resourceUsage().maxRSS / 1_024;
    return {
      readings: ways.map(({ name }, index) => ({
        name: `${name}, events`,
        unit: 'calls/s',
        spread: spreadOf(rates[index]!),
      })),
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
