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

// Most messages are far below the limit and need no exact count: a character has at most 6 bytes in JSON, and the
// property names and what is neither text of the caller's nor data stay below 1 KiB.
function isSurelyBelow({ data, subject, ...facts }: Envelope, limit: number): boolean {
  const { name, tenant, id, correlationId, causationId, source, tracestate = '' } = facts;
  const texts = [
    data,
    subject.id,
    ...subject.roles,
    name,
    tenant,
    id,
    correlationId,
    causationId,
    source,
    tracestate,
  ];
  const characters = texts.reduce((sum, text) => sum + text.length + 1, 0);
  return characters * 6 + 1024 < limit;
}
