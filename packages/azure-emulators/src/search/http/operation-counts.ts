import type { SearchOperation } from './operation-kind.js';

type Counted = SearchOperation | 'documents' | 'refused';

/**
 * How often each operation was served; what was never served is not named. `documents` counts those in batches, and
 * `refused` requests that a busy or failing service did not serve.
 */
export type SearchOperationCounts = Readonly<Partial<Record<Counted, number>>>;

/** Counts what is served, by index. */
export class SearchOperationCounter {
  private readonly counts = new Map<string, Partial<Record<Counted, number>>>();

  add(index: string, counted: Counted, times = 1): void {
    const counts = this.counts.get(index) ?? {};
    counts[counted] = (counts[counted] ?? 0) + times;
    this.counts.set(index, counts);
  }

  /** Of one index, or of all. */
  of(index?: string): SearchOperationCounts {
    if (index !== undefined) return { ...this.counts.get(index) };
    const sums: Partial<Record<Counted, number>> = {};
    for (const counts of this.counts.values()) {
      for (const [counted, count] of Object.entries(counts) as [Counted, number][]) {
        sums[counted] = (sums[counted] ?? 0) + count;
      }
    }
    return sums;
  }
}
