import type { ServiceBusMessage } from '@azure/service-bus';
import type { RecordedEvent } from '@diptych/core';

/** What somebody would send of an event who writes this by hand: the same facts, so that messages are as large. */
export function rawMessageOf(entry: RecordedEvent): ServiceBusMessage {
  return {
    messageId: entry.id,
    sessionId: String(entry.partition),
    correlationId: entry.correlationId,
    subject: entry.name,
    contentType: 'application/json',
    body: Buffer.from(entry.data),
    applicationProperties: {
      cloudEvents_specversion: '1.0',
      cloudEvents_id: entry.id,
      cloudEvents_source: entry.source,
      cloudEvents_type: entry.name,
      cloudEvents_time: entry.time,
      cloudEvents_subject: entry.stream,
      kind: entry.kind,
      schemaVersion: entry.schemaVersion,
      partition: entry.partition,
      position: entry.position,
      previous: entry.position,
      version: entry.version,
      tenant: entry.tenant,
      causationId: entry.causationId,
      subject: entry.subject.id,
      roles: JSON.stringify(entry.subject.roles),
    },
  };
}
