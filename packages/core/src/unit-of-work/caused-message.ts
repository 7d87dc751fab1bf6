import type { Clock } from '../clock/clock.js';
import { isoTime } from '../clock/iso-time.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { Envelope, MessageMeta } from '../messages/envelope.js';
import { type MessageKind, withArticle } from '../messages/message.js';
import { encodeData } from '../messages/message-codec.js';
import { requireDefinition } from '../messages/message-registry.js';

/** What makes new messages: the one being handled, in this program, at this time. */
export interface Cause {
  readonly meta: MessageMeta;
  readonly source: string;
  readonly clock: Clock;
}

/** The envelope of an event that the handling of a message brings about. */
export function causedEvent(event: object, cause: Cause): Envelope {
  return causedEnvelope(event, 'event', cause, cause.meta.subject);
}

/** The envelope of a command that is sent on: it runs as the subject that caused it, and says so. */
export function causedCommand(command: object, cause: Cause): Envelope {
  return causedEnvelope(command, 'command', cause, { ...cause.meta.subject, delegated: true });
}

function causedEnvelope(
  message: object,
  kind: MessageKind,
  cause: Cause,
  subject: MessageMeta['subject'],
): Envelope {
  const { meta, source, clock } = cause;
  const definition = requireDefinition(message);
  if (definition.kind !== kind) {
    throw new ProgrammingError(
      'wrong-message-kind',
      `'${definition.wireName}' is ${withArticle(definition.kind)}; here belongs ${withArticle(kind)}.`,
    );
  }
  return {
    kind,
    id: crypto.randomUUID(),
    name: definition.wireName,
    schemaVersion: definition.version,
    time: isoTime(clock.now()),
    correlationId: meta.correlationId,
    causationId: meta.id,
    ...(meta.traceparent === undefined ? {} : { traceparent: meta.traceparent }),
    ...(meta.tracestate === undefined ? {} : { tracestate: meta.tracestate }),
    tenant: meta.tenant,
    subject,
    source,
    data: encodeData(message),
  };
}
