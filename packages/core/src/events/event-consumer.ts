import type { Resolver } from '../handlers/resolver.js';
import type { JournalEntry, RecordedEvent } from '../journal/journal-entry.js';
import type { EnvelopeFactory } from '../messages/envelope-factory.js';
import { decodeMessage } from '../messages/message-codec.js';
import type { Behavior } from '../pipeline/behavior.js';
import { handlerStep } from '../pipeline/handler-step.js';
import { prepareBehavior } from '../pipeline/prepare-behavior.js';
import { type PipelineDescription, Router } from '../pipeline/router.js';
import { recordedEventMetaOf } from '../projections/event-meta.js';
import { documentKey } from '../read-models/document-key.js';
import type { ConsumeContext, Consumer, FailedItem, WorkItem } from '../subscriptions/consumer.js';
import { handleInOrder } from '../subscriptions/handle-in-order.js';
import { defaultRememberForMs } from '../unit-of-work/inbox.js';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.js';
import { EventMessageContext } from './event-context.js';
import type { EventHandlerRegistration } from './event-handler.js';
import {
  aroundEventPrepare,
  type EventClaimOptions,
  eventUnitOfWorkBehavior,
} from './event-unit-of-work-behavior.js';

export interface EventConsumerOptions extends Partial<EventClaimOptions> {
  /** The handlers of one subscription, each of another event. */
  readonly handlers: readonly EventHandlerRegistration[];
  readonly resolver: Resolver;
  readonly unitOfWork: UnitOfWork;
  readonly envelopes: EnvelopeFactory;
  /** What happens around the handlers, outermost first: `eventBehaviors` gives the usual ones. */
  readonly behaviors: readonly Behavior<EventMessageContext>[];
}

/** The consumer of a subscription that runs event handlers. Events that none of them handles are passed over. */
export class EventConsumer implements Consumer {
  readonly #handlers = new Map<string, EventHandlerRegistration>();
  readonly #router = new Router<EventMessageContext>('event');
  readonly #envelopes: EnvelopeFactory;

  constructor(options: EventConsumerOptions) {
    const {
      handlers,
      resolver,
      unitOfWork,
      envelopes,
      waitInMs = 5_000,
      rememberForMs = defaultRememberForMs,
    } = options;
    this.#envelopes = envelopes;
    for (const handler of handlers) {
      const claim = { waitInMs, rememberForMs };
      const unit = eventUnitOfWorkBehavior(unitOfWork, handler.subscription, claim);
      const prepare = prepareBehavior(resolver, aroundEventPrepare(unitOfWork, handler.subscription, claim));
      const around = [...options.behaviors, prepare, unit];
      this.#router.add(handler, around, handlerStep<EventMessageContext>(handler, resolver));
      this.#handlers.set(handler.message.wireName, handler);
    }
  }

  itemsOf(entry: JournalEntry): readonly WorkItem[] {
    const handler = this.#handlers.get(entry.name);
    if (handler === undefined || entry.kind !== 'event') return [];
    const name = keyOf(entry, handler);
    return name === undefined ? [] : [{ key: documentKey({ tenant: entry.tenant, name }), entry }];
  }

  handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]> {
    return handleInOrder(items, context, ({ entry }) => this.#run(entry as RecordedEvent, context));
  }

  /** Each event's handler and behaviors in order. */
  describe(): readonly PipelineDescription[] {
    return this.#router.describe();
  }

  async #run(entry: RecordedEvent, { abortSignal }: ConsumeContext): Promise<void> {
    const handler = this.#handlers.get(entry.name);
    const event = handler === undefined ? null : decodeMessage(handler.message, entry);
    // An upcaster may drop an event: there is nothing to handle then.
    if (event === null) return;
    const route = this.#router.find(event);
    if (route === undefined) throw this.#router.noHandler(event);
    const context = new EventMessageContext(route.definition, this.#envelopes, {
      abortSignal,
      traceparent: entry.traceparent,
      tracestate: entry.tracestate,
    });
    context.adopt(recordedEventMetaOf(entry)).queued = true;
    await route.run(event, context);
  }
}

// The stream needs no look at the data, so an event that cannot be read parks its stream alone.
function keyOf(entry: RecordedEvent, { key, message }: EventHandlerRegistration): string | undefined {
  if (key === undefined) return entry.stream;
  const event = decodeMessage(message, entry);
  return event === null ? undefined : key(event as never, recordedEventMetaOf(entry));
}
