import { sectionCodes } from '../messages/amqp-sections.js';
import { described, encode, listOf, types } from '../messages/amqp-types.js';
import type { StoredMessage } from '../queues/stored-message.js';

const states = { active: 0, deferred: 1, scheduled: 2 };

/** A stored message as it goes out: what its sender wrote, behind the broker's header and annotations. */
export function encodeDelivery(message: StoredMessage, omitBody = false): Buffer {
  const { content, deliveryCount, sequenceNumber, lock } = message;
  const [durable, priority, ttl] = content.header;
  const header = listOf([durable, priority, ttl, undefined, types.wrap_uint(deliveryCount)]);
  const annotations = content.annotations.with(
    {
      'x-opt-sequence-number': types.wrap_long(sequenceNumber),
      'x-opt-enqueue-sequence-number': types.wrap_long(message.enqueuedSequenceNumber),
      'x-opt-enqueued-time': types.wrap_timestamp(message.enqueuedAt),
      'x-opt-message-state': types.wrap_int(states[message.state]),
      'x-opt-locked-until': lock && types.wrap_timestamp(lock.hold.until),
      'x-opt-deadletter-source': message.deadLetterSource,
    },
    types.wrap_symbol,
  );
  const head = encode(
    described(sectionCodes.header, header),
    described(sectionCodes.messageAnnotations, annotations.encoded()),
  );
  return Buffer.concat([head, content.bare(omitBody)]);
}
