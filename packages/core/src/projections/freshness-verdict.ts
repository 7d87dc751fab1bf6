import type { WrittenRange } from '../journal/consistency-token.js';
import type { Position } from '../partitions/position.js';
import type { ParkedMessage } from '../subscriptions/parked-message.js';
import { type PartitionState, wholePartition } from '../subscriptions/subscription-store.js';
import { checkpointIn, stateOf } from './progress.js';

/**
 * - `fresh`: everything is in the read model.
 * - `pending`: it will be; `delayedBy` failed, and is tried again by itself.
 * - `parked`: not before an operator has dealt with the message.
 */
export type FreshnessVerdict =
  | { readonly state: 'fresh' }
  | { readonly state: 'pending'; readonly delayedBy: ParkedMessage | undefined }
  | { readonly state: 'parked'; readonly message: ParkedMessage };

/** Whether a verdict on these ranges needs the list of parked messages. */
export function needsParked(states: readonly PartitionState[], ranges: readonly WrittenRange[]): boolean {
  return ranges.some(({ partition }) => (stateOf(states, partition)?.parkedKeys ?? 0) > 0);
}

/** What the checkpoints that speak for these ranges have beside them. */
export function evidenceOn(
  ranges: readonly WrittenRange[],
  states: readonly PartitionState[],
): readonly string[] {
  const found = ranges.flatMap(({ partition }) => stateOf(states, partition)?.checkpoint?.evidence ?? []);
  return [...new Set(found)];
}

/** Judges what was written by how far a subscription has come and by what it has parked. */
export function verdictOn(
  ranges: readonly WrittenRange[],
  states: readonly PartitionState[],
  parked: readonly ParkedMessage[],
): FreshnessVerdict {
  const held = heldKeys(parked);
  let verdict: FreshnessVerdict = { state: 'fresh' };
  for (const range of ranges) {
    const checkpoint = checkpointIn(states, range.partition);
    const concerned = concernedBy(range, checkpoint, states, parked);
    const stuck = concerned.find(({ partition, key }) => held.has(queueOf(partition, key)));
    if (stuck !== undefined) return { state: 'parked', message: stuck };
    if (concerned.length === 0 && checkpoint !== undefined && checkpoint >= range.last) continue;
    const earlier: ParkedMessage | undefined = verdict.state === 'pending' ? verdict.delayedBy : undefined;
    verdict = {
      state: 'pending',
      delayedBy: earlier ?? concerned.find(({ failure }) => failure !== undefined),
    };
  }
  return verdict;
}

function concernedBy(
  { partition, first, last }: WrittenRange,
  checkpoint: Position | undefined,
  states: readonly PartitionState[],
  parked: readonly ParkedMessage[],
): readonly ParkedMessage[] {
  const owned = stateOf(states, partition)?.partition;
  return parked.filter((message) => {
    if (message.partition !== owned || message.position > last) return false;
    // A partition that stands still never comes to what lies behind, wherever that is.
    if (message.key === wholePartition) return checkpoint === undefined || checkpoint < last;
    return message.position >= first;
  });
}

/** The keys whose head waits for an operator: nothing behind it moves either. */
function heldKeys(parked: readonly ParkedMessage[]): ReadonlySet<string> {
  return new Set(
    parked.filter(({ state }) => state === 'held').map(({ partition, key }) => queueOf(partition, key)),
  );
}

function queueOf(partition: number, key: string): string {
  return `${partition} ${key}`;
}
