import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../shop-options.js';
import { type SoakResult, soak } from './soak.js';
import { soakOptions, soakUsage } from './soak-options.js';

/** What a process may grow in the second half of a run, in megabytes: collectors are not exact. */
const mostGrowth = 30;

try {
  const { minutes, help } = soakOptions(process.argv.slice(2));
  if (help) console.log(soakUsage);
  else {
    const folder = await mkdtemp(join(tmpdir(), 'diptych-soak-'));
    const result = await soak(folder, minutes);
    await rm(folder, { recursive: true });
    process.exitCode = report(result) ? 0 : 1;
  }
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${soakUsage}` : error);
  process.exitCode = 2;
}

/** Prints what a run came to. Answers whether it was good. */
function report({ orders, lengths, memory }: SoakResult): boolean {
  console.log(`${orders} orders`);
  for (const { name, active, deadLetters } of lengths)
    console.log(`${String(active).padStart(6)} waiting, ${deadLetters} put aside  ${name}`);
  for (const { of, megabytes, grownBy } of memory)
    console.log(`${megabytes.toFixed(0).padStart(6)} MB, ${grownBy.toFixed(1)} MB more than before  ${of}`);
  const isEmpty = lengths.every(({ active, deadLetters }) => active === 0 && deadLetters === 0);
  const isFlat = memory.every(({ grownBy }) => grownBy <= mostGrowth);
  console.log(`queues ${isEmpty ? 'empty' : 'NOT EMPTY'}, memory ${isFlat ? 'flat' : 'GROWING'}`);
  return isEmpty && isFlat;
}
