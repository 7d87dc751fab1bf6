// The checks, by what they are about.
import { Context } from './harness.mjs';
import { pullChecks } from './pull-checks.mjs';
import { publishChecks, pushChecks } from './push-checks.mjs';

/** @type {[section: string, checks: Record<string, (context: Context) => Promise<void>>][]} */
export const sections = [
  ['publishing', publishChecks],
  ['web hooks', pushChecks],
  ['pull delivery', pullChecks],
];

/** Runs one check on a topic of its own. Throws when it does not hold. */
export async function runCheck(check, target) {
  const context = new Context(target);
  try {
    await check(context);
  } finally {
    await context.close();
  }
}
