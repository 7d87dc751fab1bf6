import { DiptychError } from '../errors/diptych-error.js';
import type { Envelope } from '../messages/envelope.js';

const utf8 = new TextEncoder();

/**
 * Refuses a message that a store or transport cannot take, before anything is written.
 * @throws DiptychError `message-too-large` when the envelope as JSON has more bytes than the limit.
 */
export function assertFits(envelope: Envelope, maxMessageBytes: number | undefined): void {
  if (maxMessageBytes === undefined || isSurelyBelow(envelope, maxMessageBytes)) return;
  const bytes = utf8.encode(JSON.stringify(envelope)).length;
  if (bytes <= maxMessageBytes) return;
  throw new DiptychError({
    code: 'message-too-large',
    message: `'${envelope.name}' has ${bytes} bytes; ${maxMessageBytes} is the most that can be stored and sent.`,
    details: { wireName: envelope.name, bytes, maxMessageBytes },
  });
}

// Most messages are far below the limit and need no exact count: a character has at most 6 bytes of JSON for data
// that is JSON text already, and the rest of an envelope stays below 4 KiB unless somebody means it.
function isSurelyBelow(envelope: Envelope, limit: number): boolean {
  return envelope.data.length * 6 + 4096 < limit && envelope.subject.roles.length < 32;
}
