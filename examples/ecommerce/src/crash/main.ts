import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../shop-options.js';
import { type CrashOptions, crashOptions, crashUsage } from './crash-options.js';
import { crashRun } from './crash-run.js';
import { noServices, startFaultyServices } from './faulty-services.js';
import type { Ground } from './grounds/ground.js';
import { sqliteGround } from './grounds/sqlite-ground.js';
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
  const ground = await groundOf(options, folder);
  const { aftermath, judgement, faults } = await attended(options, ground, folder, onKill);
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  console.log(report(options, aftermath, judgement, faults));
  // What went wrong is kept, for whoever wants to look at it.
  if (judgement.findings.length === 0 || options.defect !== undefined) await ground.remove();
  else console.error(`What the shops have left is kept in ${ground.place}`);
  return judgement;
}

/** The run and its judgement, while the services are there that the shops use. */
async function attended(
  options: CrashOptions,
  ground: Ground,
  folder: string,
  onKill: (kills: number) => void,
) {
  const { profile, seed } = options;
  const services = profile === 'emulated' ? await startFaultyServices(folder, seed) : noServices;
  try {
    const aftermath = await crashRun({ ...options, ground, services, onKill });
    const judgement = await judge(ground, services, aftermath);
    return { aftermath, judgement, faults: await services.stop() };
  } catch (error) {
    await services.stop();
    throw error;
  }
}

async function groundOf({ profile }: CrashOptions, folder: string): Promise<Ground> {
  if (profile !== 'sql') return sqliteGround(folder);
  const url = process.env.DIPTYCH_MSSQL_URL;
  if (!url) throw new UsageError('--profile sql needs a server: DIPTYCH_MSSQL_URL is not set.');
  const { sqlGround } = await import('./grounds/sql-ground.js');
  return sqlGround(url, folder);
}

/** A defect that is planted must be found; without one nothing may be. */
function exitCodeOf({ defect }: CrashOptions, { findings }: Judgement): number {
  if (defect === undefined) return findings.length === 0 ? 0 : 1;
  if (findings.length > 0) return 0;
  console.error(`The defect was not found: ${defect}.`);
  return 1;
}
