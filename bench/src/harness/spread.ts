/** What was seen of one quantity in the rounds of a run: the middle value, the lowest and the highest. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new RangeError('A spread needs at least one value.');
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/**
 * The spread of `top[round] / bottom[round]`. Both were measured in turn within the round, so that what slowed the
 * machine in it slowed both, and drops out.
 */
export function ratioOf(top: readonly number[], bottom: readonly number[]): Spread {
  return spreadOf(top.map((value, round) => value / bottom[round]!));
}
