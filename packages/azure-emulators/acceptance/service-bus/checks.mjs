// All checks, by the sections of what they check.

import { administrationChecks } from './administration-checks.mjs';
import { Context } from './harness.mjs';
import { lifetimeChecks } from './lifetime-checks.mjs';
import { linkChecks } from './link-checks.mjs';
import { managementChecks } from './management-checks.mjs';
import { messageChecks } from './message-checks.mjs';
import { ruleChecks } from './rule-checks.mjs';
import { sessionChecks } from './session-checks.mjs';
import { settlingChecks } from './settling-checks.mjs';

/** @type {[section: string, checks: Record<string, (context: Context) => Promise<void>>][]} */
export const sections = [
  ['links', linkChecks],
  ['messages', messageChecks],
  ['settling', settlingChecks],
  ['management', managementChecks],
  ['sessions', sessionChecks],
  ['rules', ruleChecks],
  ['lifetimes', lifetimeChecks],
  ['administration', administrationChecks],
];

/** @param {import('./harness.mjs').Target} target */
export async function runCheck(check, target) {
  const context = new Context(target);
  try {
    await check(context);
  } finally {
    await context.close();
  }
}
