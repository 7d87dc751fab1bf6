import { atMost, type Bound, compareTimesWithPeer } from '../harness/comparison.js';
import type { Line, Reading } from '../harness/line.js';
import { spreadOf } from '../harness/spread.js';
import { runProgram } from './child-process.js';

const core = '@diptych/core';
const packages = [core, '@nestjs/cqrs', 'mediatr-ts', '@event-driven-io/emmett'];
const rounds = 7;

/** Importing each library in processes of their own, in turn. The first round only fills the file cache. */
export const importTime: Line = {
  id: 'imports/import-time',
  title: 'Importing the library in a new process',
  async run() {
    const times = new Map<string, number[]>(packages.map((name) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const [name, list] of times) {
        const timeInMs = await importInMs(name);
        if (round > 0) list.push(timeInMs);
      }
    }
    const readings = [...times].map(
      ([name, list]): Reading => ({ name, unit: 'ms', spread: spreadOf(list) }),
    );
    const against = (peer: string, bound?: Bound) =>
      compareTimesWithPeer(`time to import / ${peer}`, times.get(core)!, times.get(peer)!, bound);
    return {
      readings,
      comparisons: [
        against('@nestjs/cqrs', atMost(1 / 3)),
        against('mediatr-ts'),
        against('@event-driven-io/emmett'),
      ],
    };
  },
};

/** How long a new process takes to import a package, in milliseconds, its own start not counted. */
async function importInMs(specifier: string): Promise<number> {
  const program = `
    const start = performance.now();
    await import(${JSON.stringify(specifier)});
    process.stdout.write(String(performance.now() - start));`;
  return Number(await runProgram(program));
}
