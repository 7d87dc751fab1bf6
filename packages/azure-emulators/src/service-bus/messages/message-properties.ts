import rhea from 'rhea';
import { listOf, type Typed, types } from './amqp-types.js';

/** The fields of a message's properties section, in the order of the wire. */
const fields = [
  'message_id',
  'user_id',
  'to',
  'subject',
  'reply_to',
  'correlation_id',
  'content_type',
  'content_encoding',
  'absolute_expiry_time',
  'creation_time',
  'group_id',
  'group_sequence',
  'reply_to_group_id',
] as const;

export type PropertyName = (typeof fields)[number];

const symbols = new Set<PropertyName>(['content_type', 'content_encoding']);

/** A message's properties: values keep the types that the sender gave them. */
export class MessageProperties {
  constructor(private readonly values: readonly (Typed | undefined)[] = []) {}

  /** The value as text, which is how the service shows and compares ids and names. */
  text(name: PropertyName): string | undefined {
    const value: unknown = types.unwrap(this.values[fields.indexOf(name)]);
    if (value === undefined || value === null) return undefined;
    return Buffer.isBuffer(value) ? rhea.uuid_to_string(value) : String(value);
  }

  with(name: PropertyName, value: string | undefined): MessageProperties {
    const values = fields.map((_, index) => this.values[index]);
    const wrap = symbols.has(name) ? types.wrap_symbol : types.wrap_string;
    values[fields.indexOf(name)] = value === undefined ? undefined : wrap(value);
    return new MessageProperties(values);
  }

  /** As a section's value. */
  encoded(): Typed {
    return listOf(this.values);
  }
}
