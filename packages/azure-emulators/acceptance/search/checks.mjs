// The checks, by what they are about.
import { documentChecks } from './document-checks.mjs';
import { filterChecks } from './filter-checks.mjs';
import { Context } from './harness.mjs';
import { indexChecks } from './index-checks.mjs';
import { resultChecks, suggestionChecks, textChecks } from './search-checks.mjs';

/** @type {[section: string, checks: Record<string, (context: Context) => Promise<void>>][]} */
export const sections = [
  ['indexes', indexChecks],
  ['documents', documentChecks],
  ['texts', textChecks],
  ['results', resultChecks],
  ['suggestions', suggestionChecks],
  ['filters', filterChecks],
];

/** Runs one check on indexes of its own. Throws when it does not hold. */
export async function runCheck(check, target) {
  const context = new Context(target);
  try {
    await check(context);
  } finally {
    await context.close();
  }
}
