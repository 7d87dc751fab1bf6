import type { ConsumeContext, FailedItem, WorkItem } from './consumer.js';
import { isFaultOfMessage } from './fault-of-message.js';

/**
 * Handles items one after the other. After one that fails by its own fault, the rest of its key is left alone.
 * @throws what is not a fault of a message.
 */
export async function handleInOrder<Item extends WorkItem>(
  items: readonly Item[],
  { abortSignal }: ConsumeContext,
  handle: (item: Item) => Promise<void>,
): Promise<readonly FailedItem[]> {
  const failed = new Map<string, FailedItem>();
  for (const item of items) {
    if (failed.has(item.key)) continue;
    abortSignal.throwIfAborted();
    try {
      await handle(item);
    } catch (error) {
      if (!isFaultOfMessage(error)) throw error;
      failed.set(item.key, { item, error });
    }
  }
  return [...failed.values()];
}
