import type { EventGridSenderClient } from '@azure/eventgrid-namespaces';
import type { TopicSubscription, Transport, TransportCapabilities, TransportMessage } from '@diptych/core';
import { batchesOf, maxMessageBytes } from './batches.js';
import { cloudEventOf } from './cloud-event.js';
import { eventGridError } from './event-grid-errors.js';
import { clientOptionsOf, type EventGridNamespaceOptions } from './event-grid-options.js';
import { type PullClient, PullLoop } from './pull-loop.js';
import { Arrivals } from './waking-subscription.js';

/**
 * Publishes events to a topic of an Event Grid namespace, and hears of them by pulling: for processes that nobody can
 * call. Its SDK loses extension attributes, so these travel in the data, beside the event's own.
 */
export class EventGridNamespaceTransport implements Transport {
  readonly capabilities: TransportCapabilities = { ordered: false, maxMessageBytes };
  readonly #sender: EventGridSenderClient;
  readonly #loop: PullLoop | undefined;
  readonly #arrivals = new Arrivals();

  constructor(sender: EventGridSenderClient, receiver: PullClient | undefined) {
    this.#sender = sender;
    const onEvents = () => this.#arrivals.tell(undefined);
    this.#loop = receiver && new PullLoop({ client: receiver, onEvents });
  }

  async publish(topic: string, _partition: number, messages: readonly TransportMessage[]): Promise<void> {
    try {
      for (const batch of batchesOf(messages)) await this.#sender.sendEvents(batch.map(pulledEventOf));
    } catch (error) {
      throw eventGridError(error, `publish events of '${topic}'`);
    }
  }

  async subscribe(): Promise<TopicSubscription> {
    this.#loop?.start();
    return this.#arrivals.subscription();
  }

  async audit(): Promise<readonly string[]> {
    return [];
  }

  async close(): Promise<void> {
    await this.#loop?.stop();
  }
}

function pulledEventOf(message: TransportMessage) {
  const { extensionAttributes, data, datacontenttype, ...event } = cloudEventOf(message);
  return { ...event, dataContentType: datacontenttype, data: { ...extensionAttributes, data } };
}

/** Events over a topic of an Azure Event Grid namespace. Its SDK, `@azure/eventgrid-namespaces`, is loaded only here. */
export async function eventGridNamespaceTransport(
  options: EventGridNamespaceOptions,
): Promise<EventGridNamespaceTransport> {
  const { AzureKeyCredential, EventGridReceiverClient, EventGridSenderClient } = await import(
    '@azure/eventgrid-namespaces'
  );
  const { endpoint, topic, subscription } = options;
  const clientOptions = clientOptionsOf(endpoint);
  const credential = 'key' in options ? new AzureKeyCredential(options.key) : options.credential;
  return new EventGridNamespaceTransport(
    new EventGridSenderClient(endpoint, credential, topic, clientOptions),
    subscription === undefined
      ? undefined
      : new EventGridReceiverClient(endpoint, credential, topic, subscription, clientOptions),
  );
}
