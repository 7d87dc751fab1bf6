import { createHash } from 'node:crypto';
import type { ServiceBusMessage, ServiceBusReceivedMessage } from '@azure/service-bus';
import type { JournalEntry, Position, Subject, TransportMessage } from '@diptych/core';
import { asPosition } from '@diptych/core';

type Property = string | number | boolean;
type Properties = Record<string, Property>;

// CloudEvents' attributes have this prefix in AMQP; `cloudEvents:` is not possible in every client's filters.
const prefix = 'cloudEvents_';
/** More characters the broker does not take as an id. */
const longestId = 128;

/**
 * An entry as a message. The body is the data, as JSON; everything else is an attribute of a CloudEvent, so that
 * subscribers who know nothing of us may filter and read it. Trace context has the names that W3C gave it, and the one
 * that Azure's SDKs look at.
 */
export function encodeMessage({ id, entry, previous }: TransportMessage): ServiceBusMessage {
  const { traceparent, tracestate } = entry;
  const properties: Properties = {
    [`${prefix}specversion`]: '1.0',
    [`${prefix}id`]: entry.id,
    [`${prefix}source`]: entry.source,
    [`${prefix}type`]: entry.name,
    [`${prefix}time`]: entry.time,
    [`${prefix}subject`]: entry.kind === 'event' ? entry.stream : entry.key,
    [`${prefix}kind`]: entry.kind,
    [`${prefix}schemaversion`]: entry.schemaVersion,
    [`${prefix}partition`]: entry.partition,
    [`${prefix}position`]: entry.position,
    [`${prefix}tenant`]: entry.tenant,
    [`${prefix}causationid`]: entry.causationId,
    [`${prefix}subjectid`]: entry.subject.id,
    [`${prefix}subjectroles`]: JSON.stringify(entry.subject.roles),
  };
  const messageId = brokersIdOf(id);
  if (messageId !== id) properties[`${prefix}messageid`] = id;
  if (previous !== undefined) properties[`${prefix}previous`] = previous;
  if (entry.kind === 'event') properties[`${prefix}sequence`] = entry.version;
  if (entry.subject.delegated === true) properties[`${prefix}subjectdelegated`] = true;
  if (traceparent !== undefined) {
    properties.traceparent = traceparent;
    properties['Diagnostic-Id'] = traceparent;
  }
  if (tracestate !== undefined) properties.tracestate = tracestate;
  return {
    messageId,
    sessionId: String(entry.partition),
    correlationId: entry.correlationId,
    subject: entry.name,
    contentType: 'application/json',
    body: Buffer.from(entry.data),
    applicationProperties: properties,
  };
}

/** The same one whenever it is sent. A command's id is whatever its sender chose. */
function brokersIdOf(id: string): string {
  return id.length <= longestId ? id : createHash('sha256').update(id).digest('hex');
}

/** Why a message is none of ours. Both become properties of the dead letter. */
export interface Foreign {
  readonly reason: string;
  readonly description: string;
}

export type Decoded = { readonly message: TransportMessage } | { readonly foreign: Foreign };

class ForeignMessageError extends Error {
  constructor(readonly foreign: Foreign) {
    super(foreign.description);
  }
}

/** The message that `encodeMessage` made, or why it is none of ours. */
export function decodeMessage(
  received: ServiceBusReceivedMessage,
  partition: number,
  sources: readonly string[] | undefined,
): Decoded {
  try {
    const attributes = new Attributes(received.applicationProperties ?? {});
    const entry = entryOf(received, attributes);
    if (entry.partition !== partition)
      throw foreign('diptych-partition', `It says partition ${entry.partition}, and lies in ${partition}.`);
    if (sources !== undefined && !sources.includes(entry.source))
      throw foreign('diptych-source', `It is of '${entry.source}', which is not read here.`);
    const previous = attributes.optional('previous');
    return {
      message: {
        id: attributes.optional('messageid') ?? String(received.messageId ?? ''),
        entry,
        previous: previous === undefined ? undefined : positionIn(previous),
      },
    };
  } catch (error) {
    if (error instanceof ForeignMessageError) return { foreign: error.foreign };
    throw error;
  }
}

function entryOf(received: ServiceBusReceivedMessage, attributes: Attributes): JournalEntry {
  const kind = attributes.text('kind');
  if (kind !== 'event' && kind !== 'command')
    throw foreign('diptych-kind', `'${kind}' is neither an event nor a command.`);
  const common = {
    id: attributes.text('id'),
    name: attributes.text('type'),
    schemaVersion: attributes.number('schemaversion'),
    time: attributes.text('time'),
    correlationId: String(received.correlationId ?? ''),
    causationId: attributes.text('causationid'),
    tenant: attributes.text('tenant'),
    subject: subjectIn(attributes),
    source: attributes.text('source'),
    data: dataOf(received),
    partition: attributes.number('partition'),
    position: positionIn(attributes.text('position')),
    ...traceIn(received.applicationProperties ?? {}),
  };
  const subject = attributes.text('subject');
  return kind === 'event'
    ? { ...common, kind, stream: subject, version: attributes.number('sequence') }
    : { ...common, kind, key: subject };
}

function subjectIn(attributes: Attributes): Subject {
  const id = attributes.text('subjectid');
  const roles = parsed(attributes.text('subjectroles'), 'The roles of its subject are');
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string'))
    throw foreign('diptych-attribute', 'The roles of its subject are no list of texts.');
  return attributes.flag('subjectdelegated') ? { id, roles, delegated: true } : { id, roles };
}

function dataOf({ body }: ServiceBusReceivedMessage): string {
  if (!(body instanceof Uint8Array))
    throw foreign('diptych-body', 'Its body is not one section of data with JSON in it.');
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  parsed(text, 'Its body is');
  return text;
}

function traceIn({ traceparent, tracestate }: Readonly<Record<string, unknown>>) {
  return {
    ...(typeof traceparent === 'string' && { traceparent }),
    ...(typeof tracestate === 'string' && { tracestate }),
  };
}

function positionIn(text: string): Position {
  const position = asPosition(text);
  if (position === undefined) throw foreign('diptych-attribute', `'${text}' is no position in a journal.`);
  return position;
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw foreign('diptych-body', `${what} not JSON.`);
  }
}

/** The attributes of a CloudEvent among a message's properties. */
class Attributes {
  readonly #properties: Readonly<Record<string, unknown>>;

  constructor(properties: Readonly<Record<string, unknown>>) {
    this.#properties = properties;
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined)
      throw foreign('diptych-attribute', `It has no property '${prefix}${name}', or one that is no text.`);
    return value;
  }

  optional(name: string): string | undefined {
    const value = this.#properties[prefix + name];
    return typeof value === 'string' ? value : undefined;
  }

  number(name: string): number {
    const value = this.#properties[prefix + name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw foreign('diptych-attribute', `It has no property '${prefix}${name}', or one that is no number.`);
  }

  flag(name: string): boolean {
    return this.#properties[prefix + name] === true;
  }
}

function foreign(reason: string, description: string): ForeignMessageError {
  return new ForeignMessageError({ reason, description });
}
