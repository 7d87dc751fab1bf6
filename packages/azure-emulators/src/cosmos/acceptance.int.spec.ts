import { afterAll, beforeAll, describe, test } from 'vitest';
import { runCheck, sections } from '../../acceptance/cosmos/checks.mjs';
import { ManualClock } from '../clock/manual-clock.js';
import type { RunningCosmos } from './cosmos-options.js';
import { startCosmos } from './start-cosmos.js';

let cosmos: RunningCosmos;
const clock = new ManualClock();
beforeAll(async () => {
  cosmos = await startCosmos({ clock });
});
afterAll(() => cosmos.stop());

const pass = async (milliseconds: number) => clock.advance(milliseconds);

describe.each(sections)('%s', (_section, checks) => {
  test.each(Object.entries(checks))('%s', async (_name, check) => {
    await runCheck(check, { connectionString: cosmos.connectionString, pass });
  });
});
