import type { Copy, ReadModelStore } from '../../read-models/read-model-store.js';
import type { SubscriptionStore } from '../../subscriptions/subscription-store.js';
import { subscriptionNameOf } from '../subscription-name.js';

/**
 * Removes a copy and all that its subscription has kept. The copy goes last: as long as it is listed, its dropping
 * can be taken up again after a crash. Checkpoints that outlived it would let a later copy of that number begin in
 * the middle of the journal.
 */
export async function dropCopy(
  copy: Copy,
  store: ReadModelStore,
  subscriptions: SubscriptionStore,
): Promise<void> {
  await subscriptions.forget(subscriptionNameOf(copy));
  await store.drop(copy);
}
