import type { MessageContent } from '../messages/message-content.js';
import type { PropertyName } from '../messages/message-properties.js';
import { isEqual } from './sql-values.js';

/** The properties that a correlation filter may compare, and where messages carry them. */
export const correlationProperties = {
  correlationId: 'correlation_id',
  messageId: 'message_id',
  to: 'to',
  replyTo: 'reply_to',
  label: 'subject',
  sessionId: 'group_id',
  replyToSessionId: 'reply_to_group_id',
  contentType: 'content_type',
} as const satisfies Record<string, PropertyName>;

export type CorrelationProperty = keyof typeof correlationProperties;

/** All that it names must be equal. */
export class CorrelationFilter {
  readonly kind = 'correlation';

  constructor(
    readonly properties: Readonly<Partial<Record<CorrelationProperty, string>>>,
    readonly applicationProperties: Readonly<Record<string, unknown>>,
  ) {}

  matches(content: MessageContent): boolean {
    for (const [name, value] of Object.entries(this.properties)) {
      const property = correlationProperties[name as CorrelationProperty];
      if (content.properties.text(property) !== value) return false;
    }
    return Object.entries(this.applicationProperties).every(
      ([name, value]) => isEqual(content.applicationProperties.get(name), value) === true,
    );
  }
}
