import type { ReadLimits } from '@diptych/core';

/** Until rows have been seen, in bytes: larger than most, so that few are cut off at first. */
const firstGuess = 8 * 1024;

/**
 * How many rows to ask a server for that does not know how large they may be: by how large the last ones were. It is a
 * guess; what comes beyond the limits is cut off.
 */
export class ReadSize {
  #bytesOfRow = firstGuess;

  rowsWithin({ maxEvents, maxBytes }: ReadLimits): number {
    const fitting = Math.ceil(maxBytes / this.#bytesOfRow) + 1;
    // One beyond the limit, which tells that there is more; and one may have been read in part before.
    return Math.max(2, Math.min(maxEvents + 1, fitting, mostRows));
  }

  learn(rows: number, bytes: number): void {
    if (rows > 0) this.#bytesOfRow = Math.max(1, bytes / rows);
  }
}

const mostRows = 1_000_000;
