import type { Clock } from '../clock/clock.js';
import type { Envelope, MessageMeta } from './envelope.js';
import type { MessageDefinition } from './message.js';
import { encodeData } from './message-codec.js';
import type { MessageOptions } from './message-options.js';
import { requireDefinition } from './message-registry.js';
import { anonymous, defaultTenant, type Subject } from './subject.js';

export interface EnvelopeFactoryOptions {
  /** The program that makes the messages: the `name` given to `createApp`. */
  readonly source: string;
  readonly clock: Clock;
  /** Default: random UUIDs. */
  readonly newId?: () => string;
}

/** Makes the facts that travel with messages: new ones for a caller's, inherited ones for what they cause. */
export class EnvelopeFactory {
  readonly source: string;
  readonly #clock: Clock;
  readonly #newId: () => string;

  constructor({ source, clock, newId = () => globalThis.crypto.randomUUID() }: EnvelopeFactoryOptions) {
    this.source = source;
    this.#clock = clock;
    this.#newId = newId;
  }

  newId(): string {
    return this.#newId();
  }

  /** The facts about a message that a caller hands in. */
  meta(definition: MessageDefinition, options: MessageOptions, id: string): MessageMeta {
    return {
      id,
      name: definition.wireName,
      schemaVersion: definition.version,
      time: this.#time(),
      correlationId: options.correlationId ?? id,
      causationId: options.causationId ?? id,
      ...traceOf(options),
      tenant: options.tenant ?? defaultTenant,
      subject: options.subject ?? anonymous,
      source: this.source,
    };
  }

  /** The facts about a message that another one caused: the same correlation, trace, tenant and subject. */
  caused(definition: MessageDefinition, cause: MessageMeta, id: string): MessageMeta {
    return {
      id,
      name: definition.wireName,
      schemaVersion: definition.version,
      time: this.#time(),
      correlationId: cause.correlationId,
      causationId: cause.id,
      ...traceOf(cause),
      tenant: cause.tenant,
      subject: cause.subject,
      source: this.source,
    };
  }

  /**
   * An event that the handling of `cause` brought about.
   * @param id Default: a new one. Appended events get one from their place in their stream.
   */
  event(event: object, cause: MessageMeta, id: string = this.#newId()): Envelope {
    return { ...this.caused(requireDefinition(event), cause, id), kind: 'event', data: encodeData(event) };
  }

  /** A command that the handling of `cause` sends on: it runs as the subject that caused it, marked as such. */
  command(command: object, cause: MessageMeta, id: string = this.#newId()): Envelope {
    const meta = this.caused(requireDefinition(command), cause, id);
    return { ...meta, subject: delegated(cause.subject), kind: 'command', data: encodeData(command) };
  }

  /** A command that a caller sends, to run later, as that caller. */
  sentCommand(command: object, options: MessageOptions, id: string = this.#newId()): Envelope {
    return { ...this.meta(requireDefinition(command), options, id), kind: 'command', data: encodeData(command) };
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

/** The subject, marked so that policies can tell the framework acting for it from itself. */
export function delegated(subject: Subject): Subject {
  return subject.delegated === true ? subject : { ...subject, delegated: true };
}

function traceOf({ traceparent, tracestate }: Pick<MessageOptions, 'traceparent' | 'tracestate'>) {
  if (traceparent === undefined) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
