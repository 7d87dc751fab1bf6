import type { Ownership } from '@diptych/core';
import type { PartitionItem } from './subscription-items.js';
import type { Found } from './subscription-space.js';

/**
 * The partitions that this process has, as its last write left them: its next one needs no look before it, for it is
 * written on the condition that this is still so.
 */
export class KnownPartitions {
  readonly #known = new Map<string, Found<PartitionItem>>();

  of(ownership: Ownership): Found<PartitionItem> | undefined {
    return this.#known.get(keyOf(ownership));
  }

  remember(ownership: Ownership, found: Found<PartitionItem>): void {
    this.#known.set(keyOf(ownership), found);
  }

  /** An owner that was fenced or has gone writes no more. */
  forget(ownership: Ownership): void {
    this.#known.delete(keyOf(ownership));
  }

  forgetAll(subscription: string): void {
    for (const key of this.#known.keys()) if (JSON.parse(key)[0] === subscription) this.#known.delete(key);
  }
}

/** By partition alone: an older ownership of the same process must not stay behind. */
function keyOf({ subscription, partition }: Ownership): string {
  return JSON.stringify([subscription, partition]);
}
