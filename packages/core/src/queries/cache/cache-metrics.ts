import type { Telemetry } from '../../telemetry/telemetry.js';

/**
 * How a query was answered. `hit`: from what was kept. `stale`: from what was kept and too old, while a new answer is
 * made. `miss`: by the handler. `waited`: from what the handler was making, here or in another process, for somebody else.
 * `past`: by the handler, for the cache could not be used: `after` asked for more than it has, or its key is no JSON.
 */
export type AnswerSource = 'hit' | 'stale' | 'miss' | 'waited' | 'past';

/**
 * Why an answer is not kept: it is more than JSON can tell, or larger than `maxBytes`; the read models were replaced while
 * it was made; its time was over when it was made; the store has no room, or did not answer.
 */
export type NotKept = 'no-json' | 'too-large' | 'copy-changed' | 'too-late' | 'store';

/** What became of a call of the store: it failed, took too long, or was not made since others had failed. */
type StoreFault = 'failed' | 'slow' | 'left-alone';

export interface CacheMetrics {
  answered(query: string, source: AnswerSource): void;
  notKept(query: string, reason: NotKept): void;
  /** A new answer that was to be made in the background was not. */
  refreshFailed(query: string): void;
  storeFault(fault: StoreFault): void;
}

const nothing = () => undefined;
const unmeasured: CacheMetrics = {
  answered: nothing,
  notKept: nothing,
  refreshFailed: nothing,
  storeFault: nothing,
};

export function cacheMetrics(telemetry: Telemetry | undefined): CacheMetrics {
  if (telemetry === undefined) return unmeasured;
  const counter = (name: string, description: string) =>
    telemetry.counter(`diptych.query_cache.${name}`, { description });
  const answers = counter(
    'answers',
    'Queries of handlers whose answers are kept, by where the answer came from.',
  );
  const notKept = counter('not_kept', 'Answers that were made and not kept, by why.');
  const refreshes = counter('refresh_failures', 'Answers that could not be made anew in the background.');
  const faults = counter('store_faults', 'Calls of the store of answers that gave nothing, by why.');
  const named = (query: string) => ({ 'diptych.message.name': query });
  return {
    answered: (query, source) => answers(1, { ...named(query), 'diptych.outcome': source }),
    notKept: (query, reason) => notKept(1, { ...named(query), 'diptych.outcome': reason }),
    refreshFailed: (query) => refreshes(1, named(query)),
    storeFault: (fault) => faults(1, { 'diptych.outcome': fault }),
  };
}
