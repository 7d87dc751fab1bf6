import { afterAll, beforeAll, describe, test } from 'vitest';
import { runCheck, sections } from '../../acceptance/service-bus/checks.mjs';
import { ManualClock } from '../clock/manual-clock.js';
import type { RunningServiceBus } from './service-bus-options.js';
import { startServiceBus } from './start-service-bus.js';

let bus: RunningServiceBus;
const clock = new ManualClock();

beforeAll(async () => {
  bus = await startServiceBus({ clock });
});
afterAll(() => bus.stop());

/** The clock stands still between the checks, while the client's own goes on: it catches up first. */
const pass = async (milliseconds: number) => {
  clock.advance(Math.max(0, Date.now() - clock.now()) + milliseconds);
};

describe.each(sections)('%s', (_section, checks) => {
  test.each(Object.entries(checks))('%s', async (_name, check) => {
    await runCheck(check, { connectionString: bus.connectionString, now: () => clock.now(), pass });
  });
});
