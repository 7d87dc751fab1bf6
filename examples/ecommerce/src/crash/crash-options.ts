import { parseArgs } from 'node:util';
import { UsageError } from '../shop-options.js';
import { type Defect, defectNames } from './defects/defect.js';

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  readonly defect: Defect | undefined;
  /**
   * - `emulated`: with a Service Bus between the shops and read models in Cosmos DB, Redis and AI Search, whose emulators
   *   are not killed, but cut connections, throttle and hold requests up.
   * - `sql`: on the SQL Server of `DIPTYCH_MSSQL_URL`, which is not killed either.
   */
  readonly profile: 'local' | 'emulated' | 'sql';
  readonly help: boolean;
}

export const crashUsage = `npm run test:crash -- [--kills <n>] [--seed <s>] [--break <defect>]
                       [--profile emulated|sql]

  --kills <n>       how often a shop is killed. Default 50.
  --seed <s>        which kills, and what customers do meanwhile. Default: another one each time.
  --break <defect>  plants a defect, and exits with 1 unless it is found. One of:
                    ${defectNames.join(', ')}.
  --profile emulated  events and commands go over a Service Bus, and read models are in Cosmos DB, Redis
                    and AI Search. These are not killed, but cut connections, throttle, hold requests
                    up, lose locks and send messages twice.
  --profile sql     the shops keep all they know on the SQL Server that DIPTYCH_MSSQL_URL names, in a
                    schema of their own, which goes when nothing was found.`;

/** @throws UsageError. */
export function crashOptions(args: readonly string[]): CrashOptions {
  const values = parse(args);
  const defect = values.break;
  if (defect !== undefined && !isDefect(defect))
    throw new UsageError(`There is no defect '${defect}' among ${defectNames.join(', ')}.`);
  return {
    kills: wholeNumber('--kills', values.kills ?? '50'),
    seed: wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000)),
    defect,
    profile: profileOf(values.profile),
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      kills: { type: 'string' },
      seed: { type: 'string' },
      break: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function profileOf(text = 'local'): CrashOptions['profile'] {
  if (text === 'local' || text === 'emulated' || text === 'sql') return text;
  throw new UsageError(`There is no profile '${text}'; there are local, emulated and sql.`);
}

function isDefect(name: string): name is Defect {
  return defectNames.some((known) => known === name);
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${name} '${text}' is no whole number.`);
  return Number(text);
}
