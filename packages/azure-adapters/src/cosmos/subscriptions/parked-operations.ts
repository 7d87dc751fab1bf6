import type { OperationInput, PatchOperation } from '@azure/cosmos';
import { DiptychError, type NewParkedMessage, type Ownership, type Position, stored } from '@diptych/core';
import { json } from './json.js';
import { type DiscardedItem, discardedId } from './subscription-items.js';
import { operationsInBatch } from './subscription-space.js';

/** One operation of a batch is the partition's. */
const messagesInBatch = operationsInBatch - 1;
/** A batch may have 2 MB, and so may an item: the rest is for what is not the message's. */
const bytesInBatch = 2_000_000;

/** Nothing holds it back any more. */
export function moveUpOperation(id: string): OperationInput {
  const operations: PatchOperation[] = [
    { op: 'set', path: '/isHead', value: true },
    { op: 'set', path: '/runAt', value: 0 },
  ];
  return { operationType: 'Patch', id, resourceBody: { operations } };
}

/** The service says whether it is a head that nobody has wished anything of yet. */
export function wishOperation(id: string, wish: 'retry' | 'discard', wishId: string): OperationInput {
  const operations: PatchOperation[] = [
    { op: 'set', path: '/wish', value: wish },
    { op: 'set', path: '/wishId', value: wishId },
    { op: 'set', path: '/runAt', value: 0 },
  ];
  const condition = 'FROM c WHERE c.isHead = true AND c.wish = null';
  return { operationType: 'Patch', id, resourceBody: { condition, operations } };
}

/** Once more changes nothing. */
export function discardOperation(
  { subscription, partition }: Ownership,
  key: string,
  position: Position,
): OperationInput {
  const item: DiscardedItem = {
    id: discardedId(partition, key, position),
    subscription: stored(subscription),
    kind: 'discarded',
    partition,
    key: stored(key),
    position,
  };
  return { operationType: 'Upsert', resourceBody: json(item) };
}

/** As an item, in which the copy is a text. @throws DiptychError `message-too-large`. */
function bytesOf(message: NewParkedMessage): number {
  const { copy, ...rest } = message;
  const texts = [JSON.stringify(rest), JSON.stringify(JSON.stringify(copy ?? ''))];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= bytesInBatch) return bytes;
  throw new DiptychError({
    code: 'message-too-large',
    message: `Message '${message.messageId}' has ${bytes} bytes with its copy, and Cosmos DB keeps 2 MB in an item.`,
    origin: 'infrastructure',
    details: { messageId: message.messageId, bytes },
  });
}

/**
 * At least one, so that also nothing is parked by an owner only.
 * @throws DiptychError `message-too-large`.
 */
export function* inBatches(messages: readonly NewParkedMessage[]): Generator<readonly NewParkedMessage[]> {
  let batch: NewParkedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = bytesOf(message);
    if (batch.length === messagesInBatch || (batch.length > 0 && bytes + size > bytesInBatch)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  yield batch;
}
