import { parseArgs } from 'node:util';
import { UsageError } from '../shop-options.js';

export interface SoakOptions {
  readonly minutes: number;
  readonly help: boolean;
}

export const soakUsage = `npm run test:soak -- [--minutes <n>]

  --minutes <n>  how long customers shop, 1 to 1440. Default 10.`;

/** @throws UsageError. */
export function soakOptions(args: readonly string[]): SoakOptions {
  const { minutes: text = '10', help = false } = parse(args);
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 1_440))
    throw new UsageError(`--minutes '${text}' is no number of minutes.`);
  return { minutes, help };
}

function parse(args: readonly string[]) {
  try {
    const options = { minutes: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
