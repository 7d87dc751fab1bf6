import { AzureKeyCredential, EventGridPublisherClient } from '@azure/eventgrid';
import type { TopicSubscription, Transport, TransportCapabilities, TransportMessage } from '@diptych/core';
import { batchesOf, maxMessageBytes } from './batches.js';
import { cloudEventOf } from './cloud-event.js';
import { eventGridError, statusOf } from './event-grid-errors.js';
import { clientOptionsOf, type EventGridOptions } from './event-grid-options.js';
import { Arrivals } from './waking-subscription.js';
import { webHookOf } from './web-hook.js';

/**
 * Publishes events to a custom topic, and hears of them by a web hook. Event Grid keeps no order, and may lose events:
 * our own subscriptions are woken by it, and read the journal.
 */
export class EventGridTransport implements Transport {
  readonly capabilities: TransportCapabilities = { ordered: false, maxMessageBytes };
  /** To be served where the topic's subscription posts to, for `OPTIONS` and `POST`. */
  readonly webHook: (request: Request) => Promise<Response>;
  readonly #client: EventGridPublisherClient<'CloudEvent'>;
  readonly #arrivals = new Arrivals();

  constructor(options: EventGridOptions) {
    const { endpoint, webHook, sources } = options;
    this.#client = new EventGridPublisherClient(
      endpoint,
      'CloudEvent',
      'key' in options ? new AzureKeyCredential(options.key) : options.credential,
      clientOptionsOf(endpoint),
    );
    this.webHook = webHookOf({
      access: webHook,
      sources,
      onEvent: (partition) => this.#arrivals.tell(partition),
    });
  }

  /** All go to the topic of the endpoint. */
  async publish(_topic: string, _partition: number, messages: readonly TransportMessage[]): Promise<void> {
    for (const batch of batchesOf(messages)) await this.#send(batch);
  }

  async subscribe(): Promise<TopicSubscription> {
    return this.#arrivals.subscription();
  }

  async audit(): Promise<readonly string[]> {
    return [];
  }

  async close(): Promise<void> {}

  async #send(batch: readonly TransportMessage[]): Promise<void> {
    try {
      await this.#client.send(batch.map(cloudEventOf));
    } catch (error) {
      // A request is taken whole or not at all. Each on its own, it is known which one is at fault.
      if (statusOf(error) !== 400 || batch.length === 1) throw eventGridError(error, describe(batch));
      for (const message of batch) await this.#send([message]);
    }
  }
}

function describe([first, ...others]: readonly TransportMessage[]): string {
  return `publish ${first?.entry.name} ${first?.id}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

/** Events over a custom topic of Azure Event Grid. */
export function eventGridTransport(options: EventGridOptions): EventGridTransport {
  return new EventGridTransport(options);
}
