import { afterAll, beforeAll, describe, test } from 'vitest';
import { runCheck, sections } from '../../acceptance/event-grid/checks.mjs';
import { ManualClock } from '../clock/manual-clock.js';
import type { RunningEventGrid } from './event-grid-options.js';
import { startEventGrid } from './start-event-grid.js';

let grid: RunningEventGrid;
const clock = new ManualClock();
beforeAll(async () => {
  grid = await startEventGrid({ clock });
});
afterAll(() => grid.stop());

/** What was answered by then has been heard: retries are due by the clock, and not by the wire. */
const pass = async (milliseconds: number) => {
  await grid.idle();
  clock.advance(milliseconds);
  await grid.idle();
};

describe.each(sections)('%s', (_section, checks) => {
  test.each(Object.entries(checks))('%s', async (_name, check) => {
    await runCheck(check, { endpoint: grid.endpoint, key: grid.key, pass });
  });
});
