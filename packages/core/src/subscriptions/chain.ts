import type { JournalEntry } from '../journal/journal-entry.js';
import type { Position } from '../partitions/position.js';
import type { Delivery } from '../transports/transport.js';

/** What the deliveries of a partition mean for a subscription at a checkpoint. */
export interface Chain {
  /** Seen before: to be settled. */
  readonly seen: readonly Delivery[];
  /** Next in order, without a gap. */
  readonly entries: readonly JournalEntry[];
  /** Something was published before the rest that has not arrived: the journal has it. */
  readonly hasGap: boolean;
}

/**
 * The chain rule: what lies at or before the checkpoint was seen; what names a previous one at or before it is
 * next; anything else shows a gap. Applied along the deliveries, each entry being the next one's checkpoint.
 */
export function chainOf(deliveries: readonly Delivery[], checkpoint: Position | undefined): Chain {
  const seen: Delivery[] = [];
  const entries: JournalEntry[] = [];
  let reached = checkpoint;
  for (const delivery of deliveries) {
    const { entry, previous } = delivery.message;
    if (checkpoint !== undefined && entry.position <= checkpoint) seen.push(delivery);
    else if (reached !== undefined && entry.position <= reached) continue;
    else if (previous !== undefined && (reached === undefined || previous > reached))
      return { seen, entries, hasGap: true };
    else {
      entries.push(entry);
      reached = entry.position;
    }
  }
  return { seen, entries, hasGap: false };
}
