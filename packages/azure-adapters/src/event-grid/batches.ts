import { bytesOf, type TransportMessage } from '@diptych/core';
import { eventTooLarge } from './event-grid-errors.js';

/** Of an event, and of a request. */
const mostBytes = 1_048_576;
/** What an event takes beyond its message as JSON, at most: names of attributes that are longer. */
const bytesOfNames = 1_024;

export const maxMessageBytes = mostBytes - 2 * bytesOfNames;

/** Messages in requests that are as full as may be, in order. Throws `message-too-large`. */
export function* batchesOf(messages: readonly TransportMessage[]): Iterable<readonly TransportMessage[]> {
  let batch: TransportMessage[] = [];
  let bytes = 2;
  for (const message of messages) {
    const size = bytesOf(message) + bytesOfNames;
    if (size > mostBytes - bytesOfNames) throw eventTooLarge(message.id, maxMessageBytes);
    if (batch.length > 0 && bytes + size > mostBytes) {
      yield batch;
      batch = [];
      bytes = 2;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
