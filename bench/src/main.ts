// The benchmarks: `npm run bench -- [group | group/line …] [--table | --json]`. README.md says how to read them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { selectLines } from './registry.js';
import { environment } from './report/environment.js';
import { hasFailed, type LineOutcome, type Run } from './report/run.js';
import { tableOf } from './report/table.js';
import { answerAsChild, runLine } from './run/run-line.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { child: { type: 'string' }, table: { type: 'boolean' }, json: { type: 'boolean' } },
});

if (values.child !== undefined) await answerAsChild(values.child);
else process.exitCode = await bench(positionals);

async function bench(selectors: readonly string[]): Promise<number> {
  const ids = selectLines(selectors);
  const start = performance.now();
  const about = environment();
  const lines: LineOutcome[] = [];
  for (const id of ids) {
    process.stderr.write(`${id} …\n`);
    lines.push(await runLine(id));
  }
  const run: Run = { environment: about, seconds: (performance.now() - start) / 1000, lines };
  const folder = fileURLToPath(new URL('../../.cache/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}bench.json`, `${JSON.stringify(run, null, 2)}\n`);
  if (!values.json) process.stdout.write(`${tableOf(run)}\n`);
  if (!values.table) process.stdout.write(`${JSON.stringify(run)}\n`);
  return hasFailed(run) ? 1 : 0;
}
