import { Deadlines } from '../clock/deadlines.js';
import { systemClock } from '../clock/system-clock.js';
import { FaultPlan } from '../faults/fault-plan.js';
import { listen } from '../sockets/listen.js';
import { SearchOperationCounter } from './http/operation-counts.js';
import { searchServer } from './http/search-server.js';
import { SearchIndexes } from './indexes/search-indexes.js';
import type { RunningSearch, SearchOptions } from './search-options.js';

const standardKey = 'SEARCH_EMULATOR_KEY';
const standardQueryKey = 'SEARCH_EMULATOR_QUERY_KEY';

/** Starts an AI Search emulator on 127.0.0.1. Throws when the config has a fault or the port is taken. */
export async function startSearch(options: SearchOptions = {}): Promise<RunningSearch> {
  const { clock = systemClock, faults = new FaultPlan(), checksAccess = true, tokens = [] } = options;
  const { key = standardKey, queryKey = standardQueryKey } = options;
  const deadlines = new Deadlines(clock);
  const delay = { inMs: options.indexingDelayInMs ?? 0 };
  const indexes = new SearchIndexes({ clock, deadlines, delay });
  for (const index of options.config?.indexes ?? []) indexes.create(index);
  const counter = new SearchOperationCounter();
  const busy = { until: Number.NEGATIVE_INFINITY, retryAfterInMs: 0 };
  const access = checksAccess ? { key, queryKey, tokens } : undefined;
  const server = await listen(
    options.port ?? 0,
    searchServer({ clock, deadlines, faults, indexes, counter, access, busy }),
  );
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    key,
    queryKey,
    port: server.port,
    operations: (index) => counter.of(index),
    showAfter: (milliseconds) => {
      delay.inMs = milliseconds;
    },
    throttle: ({ durationInMs, retryAfterInMs = 10 }) => {
      Object.assign(busy, { until: clock.now() + durationInMs, retryAfterInMs });
    },
    cutConnections: () => server.cutConnections(),
    async stop() {
      deadlines.stop();
      await server.stop();
    },
  };
}
