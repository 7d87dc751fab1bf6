import { isDeepStrictEqual } from 'node:util';
import { DiptychError, decodeMessage, type Envelope, encodeData, type MessageType } from '@diptych/core';

/**
 * Reads a message back as its readers will, long after it was written, and perhaps in another process.
 * @throws DiptychError `schema-unstable` when it is refused then, or is something else.
 */
export function assertReadsBack(type: MessageType, envelope: Envelope): void {
  const written: unknown = JSON.parse(envelope.data);
  let read: unknown;
  try {
    const message = decodeMessage(type, envelope);
    read = message === null ? null : JSON.parse(encodeData(message));
  } catch (cause) {
    throw unstable(envelope, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (!isDeepStrictEqual(read, written)) throw unstable(envelope, 'read back, it is something else');
}

function unstable({ kind, name, data }: Envelope, why: string, cause?: unknown): DiptychError {
  return new DiptychError({
    code: 'schema-unstable',
    message: `The ${kind} '${name}' does not survive JSON: ${why}. It was written as ${data}. Use what JSON has (a date as ISO text, an amount as decimal text).`,
    origin: 'programming',
    details: { wireName: name },
    cause,
  });
}
