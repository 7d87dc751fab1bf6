import type { CosmosOperation } from '../http/operation-kind.js';

/** How often each operation was served; what was never served is not named. */
export type OperationCounts = Readonly<Partial<Record<CosmosOperation | 'throttled', number>>>;

/** Counts what is served, by container. */
export class OperationCounter {
  private readonly counts = new Map<string, Partial<Record<CosmosOperation | 'throttled', number>>>();

  add(container: string, operation: CosmosOperation | 'throttled'): void {
    const counts = this.counts.get(container) ?? {};
    counts[operation] = (counts[operation] ?? 0) + 1;
    this.counts.set(container, counts);
  }

  /** Of one container, `database/container`, or of all. */
  of(container?: string): OperationCounts {
    if (container !== undefined) return { ...this.counts.get(container) };
    const sums: Partial<Record<CosmosOperation | 'throttled', number>> = {};
    for (const counts of this.counts.values()) {
      for (const [operation, count] of Object.entries(counts) as [CosmosOperation, number][]) {
        sums[operation] = (sums[operation] ?? 0) + count;
      }
    }
    return sums;
  }
}
