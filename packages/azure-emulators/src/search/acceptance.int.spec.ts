import { afterAll, beforeAll, describe, test } from 'vitest';
import { runCheck, sections } from '../../acceptance/search/checks.mjs';
import { ManualClock } from '../clock/manual-clock.js';
import type { RunningSearch } from './search-options.js';
import { startSearch } from './start-search.js';

let search: RunningSearch;
const clock = new ManualClock();
const indexingDelayInMs = 1_000;
beforeAll(async () => {
  search = await startSearch({ clock, indexingDelayInMs });
});
afterAll(() => search.stop());

const shown = async () => clock.advance(indexingDelayInMs);

describe.each(sections)('%s', (_section, checks) => {
  test.each(Object.entries(checks))('%s', async (_name, check) => {
    await runCheck(check, { endpoint: search.endpoint, key: search.key, shown });
  });
});
