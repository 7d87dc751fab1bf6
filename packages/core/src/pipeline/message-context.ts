import type { MessageMeta } from '../messages/envelope.js';
import type { EnvelopeFactory } from '../messages/envelope-factory.js';
import type { MessageDefinition } from '../messages/message.js';
import type { MessageOptions } from '../messages/message-options.js';
import { anonymous, defaultTenant, type Subject } from '../messages/subject.js';
import type { TraceContext } from '../telemetry/telemetry.js';
import { type Abortable, LightSignal } from './abortable.js';
import type { HandlingContext } from './behavior.js';

const nothing: MessageOptions = Object.freeze({});

/**
 * What travels with one message. Ids, time and signals are made when somebody first asks: most handlers do not,
 * and then they cost nothing.
 */
export class MessageContext implements HandlingContext {
  readonly definition: MessageDefinition;
  readonly options: MessageOptions;
  /** Set by tracing: what this message sets in motion belongs to that span. */
  trace: TraceContext | undefined = undefined;
  /**
   * True while the outcome is in the hands of a unit of work: whoever stops waiting must then wait for its end,
   * for it may be committing.
   */
  committing = false;
  /** True once it is done for good: whoever stops waiting then must not be told that nothing happened. */
  committed = false;
  /** It came from a subscription, which brings it again: nothing may wait while it holds up its partition. */
  queued = false;
  protected readonly envelopes: EnvelopeFactory;
  #id: string | undefined;
  #adopted: MessageMeta | undefined = undefined;
  #meta: MessageMeta | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #signal: AbortSignal | undefined = undefined;
  #lightSignal: LightSignal | undefined = undefined;
  #aborted: { readonly reason: unknown } | undefined = undefined;

  /** `meta`: for a message that came with its envelope. */
  constructor(
    definition: MessageDefinition,
    envelopes: EnvelopeFactory,
    options: MessageOptions | undefined,
    id?: string,
  ) {
    this.definition = definition;
    this.options = options ?? nothing;
    this.envelopes = envelopes;
    this.#id = id;
  }

  /** Takes over the facts that a message brought with it. */
  adopt(meta: MessageMeta): this {
    this.#adopted = meta;
    this.#id = meta.id;
    return this;
  }

  get id(): string {
    this.#id ??= this.envelopes.newId();
    return this.#id;
  }

  get name(): string {
    return this.definition.wireName;
  }

  get subject(): Subject {
    return this.#adopted?.subject ?? this.options.subject ?? anonymous;
  }

  get tenant(): string {
    return this.#adopted?.tenant ?? this.options.tenant ?? defaultTenant;
  }

  get meta(): MessageMeta {
    this.#meta ??=
      this.#adopted === undefined
        ? this.envelopes.meta(this.definition, { ...this.options, ...this.trace }, this.id)
        : { ...this.#adopted, ...this.trace };
    return this.#meta;
  }

  get abortSignal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
      const caller = this.options.abortSignal;
      const own = this.#controller.signal;
      this.#signal = caller === undefined ? own : AbortSignal.any([own, caller]);
    }
    return this.#signal;
  }

  /** The same for the framework's own use: no real signal is made where no handler or caller has one. */
  get abortable(): Abortable {
    if (this.#signal !== undefined || this.options.abortSignal !== undefined) return this.abortSignal;
    if (this.#lightSignal === undefined) {
      this.#lightSignal = new LightSignal();
      if (this.#aborted !== undefined) this.#lightSignal.abort(this.#aborted.reason);
    }
    return this.#lightSignal;
  }

  /** Whether somebody gave up waiting. */
  get aborted(): boolean {
    return this.#aborted !== undefined || this.options.abortSignal?.aborted === true;
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#controller?.abort(reason);
    this.#lightSignal?.abort(reason);
  }
}
