import type { Clock } from '../clock/clock.js';
import { isoTime } from '../clock/iso-time.js';
import type { Envelope, MessageMeta } from './envelope.js';
import type { MessageDefinition } from './message.js';
import { encodeData } from './message-codec.js';
import type { MessageOptions } from './message-options.js';
import { requireDefinition } from './message-registry.js';
import { anonymous, defaultTenant } from './subject.js';

export interface EnvelopeFactoryOptions {
  /** The program that makes the messages: the `name` given to `createApp`. */
  readonly source: string;
  readonly clock: Clock;
  /** Default: random UUIDs. */
  readonly newId?: (() => string) | undefined;
}

/** Makes the facts that travel with messages which callers hand in. What a message causes inherits them instead. */
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
      time: isoTime(this.#clock.now()),
      correlationId: options.correlationId ?? id,
      causationId: options.causationId ?? id,
      ...traceOf(options),
      tenant: options.tenant ?? defaultTenant,
      subject: options.subject ?? anonymous,
      source: this.source,
    };
  }

  /** A command that a caller sends, to run later, as that caller. */
  sentCommand(command: object, options: MessageOptions, id: string = this.#newId()): Envelope {
    return {
      ...this.meta(requireDefinition(command), options, id),
      kind: 'command',
      data: encodeData(command),
    };
  }
}

function traceOf({ traceparent, tracestate }: Pick<MessageOptions, 'traceparent' | 'tracestate'>) {
  if (traceparent === undefined) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
