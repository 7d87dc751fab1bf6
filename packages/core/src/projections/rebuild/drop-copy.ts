import type { CopyInfo, ReadModelStore } from '../../read-models/read-model-store.js';
import type { SubscriptionStore } from '../../subscriptions/subscription-store.js';
import { subscriptionNameOf, sweepNameOf } from '../subscription-name.js';

/**
 * Removes a copy and all that its subscription has kept. The copy goes last: as long as it is listed, its dropping
 * can be taken up again after a crash. Checkpoints that outlived it would let a later copy of that number begin in
 * the middle of the journal. What was discarded in a copy that was given up goes with it: the one that serves has
 * it, and so must those that are made from here on.
 */
export async function dropCopy(
  copy: CopyInfo,
  store: ReadModelStore,
  subscriptions: SubscriptionStore,
): Promise<void> {
  await subscriptions.forget(subscriptionNameOf(copy), { discardsToo: copy.state === 'abandoned' });
  if (store.sweep !== undefined) await subscriptions.forget(sweepNameOf(copy));
  await store.drop(copy);
}
