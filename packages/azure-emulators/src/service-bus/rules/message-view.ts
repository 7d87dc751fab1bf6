import type { MessageContent } from '../messages/message-content.js';
import type { PropertyName } from '../messages/message-properties.js';
import type { SqlValue } from './sql-values.js';

/** Which property of a message an expression means. Without a scope it is the application's own. */
export interface PropertyReference {
  readonly scope: 'sys' | 'user';
  readonly name: string;
}

/** The system properties of expressions, by their names in lower case, and where messages carry them. */
const systemProperties: Readonly<Record<string, PropertyName>> = {
  messageid: 'message_id',
  correlationid: 'correlation_id',
  to: 'to',
  replyto: 'reply_to',
  label: 'subject',
  subject: 'subject',
  sessionid: 'group_id',
  replytosessionid: 'reply_to_group_id',
  contenttype: 'content_type',
};

/** The property that a name after `sys.` stands for; nothing when the service knows none of that name. */
export const systemProperty = (name: string): PropertyName | undefined =>
  systemProperties[name.toLowerCase()];

export const isReadableSystemProperty = (name: string): boolean =>
  systemProperty(name) !== undefined || ['timetolive', 'partitionkey'].includes(name.toLowerCase());

export function readProperty(content: MessageContent, { scope, name }: PropertyReference): SqlValue {
  if (scope === 'user') return content.applicationProperties.get(name) as SqlValue;
  const property = systemProperty(name);
  if (property !== undefined) return content.properties.text(property);
  return name.toLowerCase() === 'timetolive' ? content.timeToLiveInMs : content.partitionKey;
}

export function hasProperty(content: MessageContent, reference: PropertyReference): boolean {
  if (reference.scope === 'user') return content.applicationProperties.has(reference.name);
  return readProperty(content, reference) !== undefined;
}
