import type { Measurement } from './measure.js';
import { ratioOf, type Spread } from './spread.js';

/** What a ratio must keep to. A bound is always on a ratio: absolute numbers say more of the machine than of us. */
export interface Bound {
  readonly kind: 'at least' | 'at most';
  readonly value: number;
  /** The median alone decides: there is no `overlaps`. */
  readonly byMedian?: boolean;
}

export const atLeast = (value: number): Bound => ({ kind: 'at least', value });
export const atMost = (value: number): Bound => ({ kind: 'at most', value });

export const byMedian = (bound: Bound): Bound => ({ ...bound, byMedian: true });

/**
 * `met`: the median keeps to the bound. `missed`: no round does. `overlaps`: the median does not, but some round
 * does, so this run cannot tell.
 */
type Verdict = 'met' | 'missed' | 'overlaps';

/** Ours against the other's: `ahead` or `behind` when every round says so, else `level`. */
type Standing = 'ahead' | 'level' | 'behind';

export interface Comparison {
  /** What is compared, as a sentence without a verb: `bare execute against Emmett send, 500 types`. */
  readonly what: string;
  readonly ratio: Spread;
  readonly bound?: Bound;
  readonly verdict?: Verdict;
  /** Present when the other one is a peer. */
  readonly standing?: Standing;
}

export function compare(what: string, ratio: Spread, bound?: Bound): Comparison {
  return bound === undefined ? { what, ratio } : { what, ratio, bound, verdict: verdictOf(ratio, bound) };
}

/** Our rate divided by a peer's. */
export function compareWithPeer(
  what: string,
  ours: Measurement,
  peer: Measurement,
  bound?: Bound,
): Comparison {
  const ratio = ratioOf(ours.rates, peer.rates);
  return { ...compare(what, ratio, bound), standing: standingOf(ratio) };
}

/** Our time divided by a peer's: below 1 we are ahead. */
export function compareTimesWithPeer(
  what: string,
  ours: readonly number[],
  peer: readonly number[],
  bound?: Bound,
): Comparison {
  return { ...compare(what, ratioOf(ours, peer), bound), standing: standingOf(ratioOf(peer, ours)) };
}

function verdictOf({ median, min, max }: Spread, { kind, value, byMedian = false }: Bound): Verdict {
  const keeps = (ratio: number) => (kind === 'at least' ? ratio >= value : ratio <= value);
  if (keeps(median)) return 'met';
  if (byMedian) return 'missed';
  return keeps(kind === 'at least' ? max : min) ? 'overlaps' : 'missed';
}

function standingOf({ min, max }: Spread): Standing {
  if (min > 1) return 'ahead';
  return max < 1 ? 'behind' : 'level';
}
