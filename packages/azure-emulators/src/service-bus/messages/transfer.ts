import { decodeError, ServiceBusError } from '../errors/service-bus-error.js';
import { sectionCodes, sectionsOf } from './amqp-sections.js';
import { readAt } from './amqp-types.js';
import { MessageContent } from './message-content.js';

/** The format of an envelope that holds several messages, each encoded whole in a data section. */
const batchFormat = 0x80013700;

/** The messages of one transfer. Throws `decode-error` for what is none. */
export function decodeTransfer(bytes: Buffer, format: number): MessageContent[] {
  if (format !== 0 && format !== batchFormat) {
    throw decodeError(`There is no message format 0x${format.toString(16)}.`);
  }
  try {
    const encoded = format === batchFormat ? messagesOf(bytes) : [bytes];
    return encoded.map((one) => MessageContent.decode(one));
  } catch (error) {
    if (error instanceof ServiceBusError) throw error;
    // What reads values goes beyond the end of those that are cut off.
    throw decodeError(`The bytes are no message: ${(error as Error).message}`);
  }
}

function messagesOf(envelope: Buffer): Buffer[] {
  return sectionsOf(envelope)
    .filter(({ code }) => code === sectionCodes.data)
    .map(({ valueStart }) => {
      const { value } = readAt(envelope, valueStart);
      if (!Buffer.isBuffer(value)) throw decodeError('A message of the batch is no binary.');
      return value;
    });
}
