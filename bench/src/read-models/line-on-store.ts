import type { Line, LineReport } from '../harness/line.js';
import type { Ground, StoreCase } from './store-case.js';

export interface StoreLine {
  readonly id: string;
  readonly title: string;
  measure(ground: Ground): Promise<LineReport>;
}

/** A line that opens a store for itself, and says so where there is none. */
export function lineOn(store: StoreCase, { id, title, measure }: StoreLine): Line {
  const isMissing = store.missing !== undefined;
  return {
    id,
    title: isMissing ? `${title} (not run: ${store.missing})` : title,
    async run() {
      if (isMissing) return { readings: [], comparisons: [], checks: [] };
      const ground = await store.open();
      try {
        return await measure(ground);
      } finally {
        await ground.close();
      }
    },
  };
}
