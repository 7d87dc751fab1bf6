import type { AnswerSource } from './cache-metrics.js';
import { decodeAnswer, handingOut, type KeptAnswer } from './kept-answer.js';
import type { QueryCacheOptions } from './query-cache-options.js';
import type { LookedUp } from './query-cache-store.js';

/** An answer that may be given to those who ask now. */
export interface UsableAnswer {
  readonly source: AnswerSource;
  /** When its making began, by the process's clock, or earlier. */
  readonly begunAt: number;
  /** For how long from then on it may be given, in milliseconds. */
  readonly goodForMs: number;
  /** Resolves when others find it in the store, if they ever do. */
  readonly kept: Promise<unknown>;
  /** What the store has of it. */
  readonly answer?: KeptAnswer;
  /** As `begunAt`, by the store's clock. */
  readonly storedBegunAt?: number;
  /** The result: for each who asks one of their own. */
  readonly give: () => unknown;
}

/** What was found, if it can be read and is not too old. */
export function usableAnswer(
  { before, found }: { readonly before: number; readonly found: LookedUp | undefined },
  { ttlInMs, staleForMs = 0 }: QueryCacheOptions,
): UsableAnswer | undefined {
  if (found?.answer === undefined) return undefined;
  const answer = decodeAnswer(found.answer.text);
  if (answer === undefined) return undefined;
  const ageInMs = found.at - found.answer.begunAt;
  // It may have been kept by a build of the program that let answers live longer.
  const freshForMs = Math.min(answer.freshForMs, ttlInMs);
  const isFresh = ageInMs < freshForMs;
  const goodForMs = isFresh ? freshForMs : freshForMs + staleForMs;
  if (ageInMs >= goodForMs) return undefined;
  const source = isFresh ? 'hit' : 'stale';
  return {
    source,
    begunAt: before - ageInMs,
    goodForMs,
    kept: Promise.resolve(),
    answer,
    storedBegunAt: found.answer.begunAt,
    give: handingOut(answer.result, answer.text),
  };
}

/**
 * Whether a new answer is to be made before this one is too old: by chance, more likely the nearer its end is and the
 * longer it takes to make, so that of many who ask, in many processes, about one does it (known as XFetch).
 */
export function isDueEarly(
  { answer, begunAt, goodForMs }: UsableAnswer,
  now: number,
  { earlyRefresh = 0 }: QueryCacheOptions,
  random: () => number,
): boolean {
  if (answer === undefined || earlyRefresh === 0) return false;
  const aheadInMs = -Math.log(1 - random()) * earlyRefresh * answer.tookInMs;
  return now + aheadInMs >= begunAt + goodForMs;
}
