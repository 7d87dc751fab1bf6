import type { ServiceBusClient, ServiceBusMessageBatch, ServiceBusSender } from '@azure/service-bus';
import { bytesOf, type TransportMessage } from '@diptych/core';
import { encodeMessage } from './message-codec.js';
import { messageTooLarge, serviceBusCode, serviceBusError } from './service-bus-errors.js';

export interface PublisherLimits {
  /** Of a batch as it goes over the wire. */
  readonly maxBatchBytes: number;
  /** Of a message as JSON. */
  readonly maxMessageBytes: number;
}

/** Measuring takes time, and in JSON a character takes six bytes at most: few messages need it. */
const bytesOfCharacter = 6;
const bytesOfRest = 16_384;

/** Sends messages of one partition after the other to a topic or queue, in batches as full as the tier allows. */
export class Publisher {
  readonly #client: ServiceBusClient;
  readonly #limits: PublisherLimits;
  readonly #senders = new Map<string, ServiceBusSender>();

  constructor(client: ServiceBusClient, limits: PublisherLimits) {
    this.#client = client;
    this.#limits = limits;
  }

  /** @throws DiptychError `message-too-large`; UnavailableError. Messages before the one at fault may have gone out. */
  async publish(entity: string, messages: readonly TransportMessage[]): Promise<void> {
    if (messages.length === 0) return;
    try {
      await this.#sendAll(entity, this.#senderOf(entity), messages);
    } catch (error) {
      if (serviceBusCode(error) === 'MessageSizeExceeded')
        throw messageTooLarge(messages[0]!.id, entity, this.#limits.maxMessageBytes);
      throw serviceBusError(error, `send to '${entity}'`);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#senders.values()].map((sender) => sender.close()));
    this.#senders.clear();
  }

  // One batch after the other: with two on their way a lost first one would leave a hole.
  async #sendAll(entity: string, sender: ServiceBusSender, messages: readonly TransportMessage[]) {
    let batch = await this.#newBatch(sender);
    for (const message of messages) {
      this.#assertFits(entity, message);
      const encoded = encodeMessage(message);
      if (batch.tryAddMessage(encoded)) continue;
      if (batch.count > 0) {
        await sender.sendMessages(batch);
        batch = await this.#newBatch(sender);
        if (batch.tryAddMessage(encoded)) continue;
      }
      throw messageTooLarge(message.id, entity, this.#limits.maxMessageBytes);
    }
    await sender.sendMessages(batch);
  }

  /** The link alone would allow a batch of what a single message may have on a large-message namespace. */
  #newBatch(sender: ServiceBusSender): Promise<ServiceBusMessageBatch> {
    return sender.createMessageBatch({ maxSizeInBytes: this.#limits.maxBatchBytes });
  }

  #assertFits(entity: string, message: TransportMessage): void {
    const { maxMessageBytes } = this.#limits;
    if (message.entry.data.length * bytesOfCharacter + bytesOfRest <= maxMessageBytes) return;
    if (bytesOf(message) > maxMessageBytes) throw messageTooLarge(message.id, entity, maxMessageBytes);
  }

  #senderOf(entity: string): ServiceBusSender {
    const known = this.#senders.get(entity);
    if (known !== undefined && !known.isClosed) return known;
    const made = this.#client.createSender(entity);
    this.#senders.set(entity, made);
    return made;
  }
}
