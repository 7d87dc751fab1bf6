import type { ConsumeContext, FailedItem, WorkItem } from './consumer.js';
import { ruleFor } from './parking-policy.js';
import type { SubscriptionParts } from './subscription-parts.js';

export interface HandledBatch {
  /** The first item of each key that could not be handled, and how often it was tried. */
  readonly failures: readonly (FailedItem & { readonly attempts: number })[];
  /** Items behind those, of the same keys. */
  readonly untried: readonly WorkItem[];
}

/**
 * Hands items to the consumer; those that fail, and what comes behind them in their keys, again at once as often
 * as the policy says.
 * @throws what the consumer throws (a store or transport failed), and each failure of one that does not park, or
 *   that was told to give up.
 */
export async function handleWithRetries(
  { consumer, parking }: Pick<SubscriptionParts, 'consumer' | 'parking'>,
  context: ConsumeContext,
  items: readonly WorkItem[],
): Promise<HandledBatch> {
  const failures: HandledBatch['failures'][number][] = [];
  const untried: WorkItem[] = [];
  const attempts = new Map<string, number>();
  let pending = items;
  while (pending.length > 0) {
    const failed = await consumer.handle(pending, context);
    const again: WorkItem[] = [];
    for (const { item, error } of failed) {
      // Told to give up, it is no fault of the message that it was not handled: the batch comes again.
      if (consumer.parks === false || context.abortSignal.aborted) throw error;
      const tries = (attempts.get(nameOf(item)) ?? 0) + 1;
      attempts.set(nameOf(item), tries);
      const [head, ...behind] = itemsFrom(pending, item);
      if (tries <= ruleFor(parking, error).immediate) again.push(head ?? item, ...behind);
      else {
        failures.push({ item, error, attempts: tries });
        untried.push(...behind);
      }
    }
    pending = again;
  }
  return { failures, untried };
}

/** That item and what comes behind it in its key. */
function itemsFrom(items: readonly WorkItem[], from: WorkItem): readonly WorkItem[] {
  return items.filter(({ key, entry }) => key === from.key && entry.position >= from.entry.position);
}

function nameOf({ key, entry }: WorkItem): string {
  return entry.position + key;
}
