import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../shop-options.js';
import { type CrashOptions, crashOptions, crashUsage } from './crash-options.js';
import { crashRun } from './crash-run.js';
import { type Judgement, judge } from './judgement.js';
import { report } from './report.js';

try {
  const options = crashOptions(process.argv.slice(2));
  if (options.help) console.log(crashUsage);
  else process.exitCode = exitCodeOf(options, await crash(options));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${crashUsage}` : error);
  process.exitCode = 2;
}

async function crash(options: CrashOptions): Promise<Judgement> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-crash-'));
  const onKill = (kills: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${kills} of ${options.kills} kills`);
  };
  const aftermath = await crashRun({ ...options, folder, onKill });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const judgement = await judge(folder, aftermath);
  console.log(report(options, aftermath, judgement));
  // What went wrong is kept, for whoever wants to look at it.
  if (judgement.findings.length === 0 || options.defect !== undefined) await rm(folder, { recursive: true });
  else console.error(`The shops' file is kept in ${folder}`);
  return judgement;
}

/** A defect that is planted must be found; without one nothing may be. */
function exitCodeOf({ defect }: CrashOptions, { findings }: Judgement): number {
  if (defect === undefined) return findings.length === 0 ? 0 : 1;
  if (findings.length > 0) return 0;
  console.error(`The defect was not found: ${defect}.`);
  return 1;
}
