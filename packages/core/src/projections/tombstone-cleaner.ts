import { type Marks, marksIn } from '../read-models/marks.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { ParkedMessage } from '../subscriptions/parked-message.js';
import type { PartitionState, SubscriptionStore } from '../subscriptions/subscription-store.js';
import { checkpointIn, stateOf } from './progress.js';
import { subscriptionNameOf } from './subscription-name.js';

/** No tombstone goes before this, in milliseconds: seven days. */
const tombstoneAgeInMs = 7 * 24 * 60 * 60 * 1_000;
const tombstonesAtOnce = 1_000;

/**
 * Removes the tombstones of a copy whose marks are of no use any more: nothing at or below them can come again,
 * from the journal or from what is parked. Resolves how many went; there may be more when it is a full thousand.
 */
export async function removeTombstones(
  store: ReadModelStore,
  copy: Copy,
  subscriptions: SubscriptionStore,
): Promise<number> {
  const subscription = subscriptionNameOf(copy);
  // Checkpoints first: what is parked later lies behind them.
  const states = await subscriptions.state(subscription);
  const parked = await subscriptions.listParked({ subscription });
  const mayGo = (marks: Marks) => areSpent(marks, states, parked);
  return store.removeTombstones(copy, tombstoneAgeInMs, tombstonesAtOnce, mayGo);
}

function areSpent(
  marks: Marks,
  states: readonly PartitionState[],
  parked: readonly ParkedMessage[],
): boolean {
  return marksIn(marks).every(([partition, mark]) => {
    const checkpoint = checkpointIn(states, partition);
    if (checkpoint === undefined || checkpoint < mark) return false;
    const owned = stateOf(states, partition)?.partition;
    return !parked.some((message) => message.partition === owned && message.position <= mark);
  });
}
