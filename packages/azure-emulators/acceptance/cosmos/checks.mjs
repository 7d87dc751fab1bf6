// The checks, by what they are about.
import { batchChecks, bulkChecks } from './batch-checks.mjs';
import { containerChecks, expiryChecks, hierarchyChecks, uniqueKeyChecks } from './container-checks.mjs';
import { feedChecks } from './feed-checks.mjs';
import { Context } from './harness.mjs';
import { conditionChecks, itemChecks, limitChecks } from './item-checks.mjs';
import { patchChecks } from './patch-checks.mjs';
import { aggregateChecks, pagingChecks, queryChecks } from './query-checks.mjs';
import { refusedQueryChecks } from './refused-query-checks.mjs';
import { sessionChecks } from './session-checks.mjs';

/** @type {[section: string, checks: Record<string, (context: Context) => Promise<void>>][]} */
export const sections = [
  ['databases and containers', containerChecks],
  ['items', itemChecks],
  ['conditions', conditionChecks],
  ['limits', limitChecks],
  ['patches', patchChecks],
  ['batches', batchChecks],
  ['bulk', bulkChecks],
  ['queries', queryChecks],
  ['aggregates', aggregateChecks],
  ['paging', pagingChecks],
  ['refused queries', refusedQueryChecks],
  ['change feed', feedChecks],
  ['hierarchical keys', hierarchyChecks],
  ['unique keys', uniqueKeyChecks],
  ['times to live', expiryChecks],
  ['session tokens and charges', sessionChecks],
];

/** Runs one check on a database of its own. Throws when it does not hold. */
export async function runCheck(check, target) {
  const context = new Context(target);
  try {
    await check(context);
  } finally {
    await context.close();
  }
}
