import { randomUUID } from 'node:crypto';
import { decodeError } from '../errors/service-bus-error.js';
import { type Section, sectionCodes, sectionsOf } from './amqp-sections.js';
import { described, encode, listOf, readAt, type Typed, types } from './amqp-types.js';
import { MessageProperties } from './message-properties.js';
import { PropertyMap } from './property-map.js';

/** What a sender wrote. It never changes: a change makes another. */
export class MessageContent {
  private decoded: PropertyMap | undefined;

  private constructor(
    readonly header: readonly (Typed | undefined)[],
    readonly annotations: PropertyMap,
    readonly properties: MessageProperties,
    /** Encoded, as are the sections from the body on: most messages pass without a look into them. */
    private readonly encodedApplicationProperties: Buffer,
    private readonly encodedBody: Buffer,
    /** The properties section as it came, until something in it changes. */
    private readonly encodedProperties: Buffer,
  ) {}

  static decode(bytes: Buffer): MessageContent {
    const sections = sectionsOf(bytes);
    const find = (code: number) => sections.find((section) => section.code === code);
    const itemsIn = (section: Section | undefined): Typed[] =>
      section === undefined ? [] : itemsOf(readAt(bytes, section.valueStart));
    // Copies: a slice would keep alive the whole chunk that came from the socket.
    const bytesOf = (section: Section | undefined) =>
      Buffer.from(section === undefined ? [] : bytes.subarray(section.start, section.end));
    const body = sections.find(({ code }) => code >= sectionCodes.data);
    const properties = find(sectionCodes.properties);
    const content = new MessageContent(
      itemsIn(find(sectionCodes.header)),
      new PropertyMap(itemsIn(find(sectionCodes.messageAnnotations))),
      new MessageProperties(itemsIn(properties)),
      bytesOf(find(sectionCodes.applicationProperties)),
      Buffer.from(body === undefined ? [] : bytes.subarray(body.start)),
      bytesOf(properties),
    );
    // The service gives an id to what has none; a client cannot settle without one.
    return content.messageId === undefined
      ? content.withProperty('message_id', randomUUID().replaceAll('-', ''))
      : content;
  }

  get messageId(): string | undefined {
    return this.properties.text('message_id');
  }

  get sessionId(): string | undefined {
    return this.properties.text('group_id');
  }

  get timeToLiveInMs(): number | undefined {
    const ttl: unknown = types.unwrap(this.header[2]);
    return typeof ttl === 'number' ? ttl : undefined;
  }

  get partitionKey(): string | undefined {
    const key = this.annotations.get('x-opt-partition-key');
    return typeof key === 'string' ? key : undefined;
  }

  /** When it is to become active, in milliseconds since the Unix epoch. */
  get scheduledFor(): number | undefined {
    const time = this.annotations.get('x-opt-scheduled-enqueue-time');
    return time instanceof Date ? time.getTime() : undefined;
  }

  get applicationProperties(): PropertyMap {
    this.decoded ??= new PropertyMap(
      this.encodedApplicationProperties.length === 0
        ? []
        : itemsOf(readAt(this.encodedApplicationProperties, 0)),
    );
    return this.decoded;
  }

  get sizeInBytes(): number {
    return this.encodedProperties.length + this.encodedApplicationProperties.length + this.encodedBody.length;
  }

  /** All of it, as `decode` takes it. */
  encoded(): Buffer {
    const head = encode(
      described(sectionCodes.header, listOf(this.header)),
      described(sectionCodes.messageAnnotations, this.annotations.encoded()),
    );
    return Buffer.concat([head, this.bare()]);
  }

  /** The sections that the broker passes on as they are; without the body when only the rest is asked for. */
  bare(omitBody = false): Buffer {
    const sections = [this.encodedProperties, this.encodedApplicationProperties];
    return Buffer.concat(omitBody ? sections : [...sections, this.encodedBody]);
  }

  /** Lives no longer than `limitInMs`, and shorter where its sender wanted that. */
  withTimeToLiveUpTo(limitInMs: number): MessageContent {
    if ((this.timeToLiveInMs ?? Number.POSITIVE_INFINITY) <= limitInMs) return this;
    const [durable, priority] = this.header;
    return this.changed({ header: [durable, priority, types.wrap_uint(Math.min(limitInMs, 2 ** 32 - 1))] });
  }

  withProperty(name: Parameters<MessageProperties['with']>[0], value: string | undefined): MessageContent {
    const properties = this.properties.with(name, value);
    const encoded = encode(described(sectionCodes.properties, properties.encoded()));
    return this.changed({ properties, encodedProperties: encoded });
  }

  withApplicationProperties(changes: Readonly<Record<string, unknown>>): MessageContent {
    const properties = this.applicationProperties.with(changes);
    return this.changed({
      encodedApplicationProperties: encode(
        described(sectionCodes.applicationProperties, properties.encoded()),
      ),
    });
  }

  private changed(parts: {
    header?: readonly (Typed | undefined)[];
    properties?: MessageProperties;
    encodedProperties?: Buffer;
    encodedApplicationProperties?: Buffer;
  }): MessageContent {
    return new MessageContent(
      parts.header ?? this.header,
      this.annotations,
      parts.properties ?? this.properties,
      parts.encodedApplicationProperties ?? this.encodedApplicationProperties,
      this.encodedBody,
      parts.encodedProperties ?? this.encodedProperties,
    );
  }
}

function itemsOf(section: Typed): Typed[] {
  if (!Array.isArray(section.value)) throw decodeError('A section of the message holds no list or map.');
  return section.value;
}
