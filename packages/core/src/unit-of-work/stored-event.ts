import { isDiptychError } from '../errors/diptych-error.js';
import type { RecordedEvent } from '../journal/journal-entry.js';
import type { Event, MessageType } from '../messages/message.js';
import { decodeMessage, UnreadableMessageError } from '../messages/message-codec.js';
import type { MessageRegistry } from '../messages/message-registry.js';

/**
 * The event that a stream holds, lifted to its present schema version; `null` when an upcaster dropped it.
 * @throws UnreadableMessageError that names the stream, version and position: for a name that is not registered,
 *   and for data that does not fit.
 */
export function readStoredEvent(recorded: RecordedEvent, registry: MessageRegistry): Event | null {
  const type = registry.find(recorded.name);
  if (type?.kind !== 'event') throw unreadable(recorded, 'no event of that name is registered here');
  try {
    return decodeMessage(type as MessageType<Event>, recorded);
  } catch (cause) {
    throw unreadable(recorded, isDiptychError(cause) ? cause.message : 'its data cannot be read', cause);
  }
}

function unreadable(recorded: RecordedEvent, why: string, cause?: unknown): UnreadableMessageError {
  const { name, schemaVersion, tenant, stream, version, position } = recorded;
  return new UnreadableMessageError(
    `'${name}', version ${version} of stream '${stream}' at ${position}, cannot be read: ${why}.`,
    { wireName: name, schemaVersion, tenant, stream, version, position },
    cause,
  );
}
