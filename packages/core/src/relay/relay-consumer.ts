import type { JournalEntry } from '../journal/journal-entry.js';
import type { Position } from '../partitions/position.js';
import type { ConsumeContext, Consumer, FailedItem, WorkItem } from '../subscriptions/consumer.js';
import type { Transport, TransportMessage } from '../transports/transport.js';
import { publishedMessageId } from './published-message-id.js';

export interface RelayOptions {
  readonly transport: Transport;
  readonly topic: string;
  /** How many messages go out in one call, per partition. Default 100. */
  readonly maxBatch?: number | undefined;
  /** How many bytes of data go out in one call, about. Default 256 KiB. */
  readonly maxBatchBytes?: number | undefined;
}

/** What a message has beside its data, about. */
const bytesOfFacts = 1_024;

/** The last event that a partition's owner of that epoch has published. */
interface Published {
  readonly epoch: number;
  readonly position: Position;
}

/** The id of the subscription that relays the journal to a topic. */
export function relayName(topic: string): string {
  return `relay/${topic}`;
}

/**
 * The consumer of the subscription that moves a journal to a transport: all its events, to one topic, in order.
 * It never parks: what cannot be published now is published later, and what comes behind waits.
 *
 * Each message names the one published before it. That is known from the messages sent since the partition was
 * taken, and at first from the checkpoint, which may lie at a command behind the last event: a receiver then sees a
 * gap where there is none, and reads the journal once.
 */
export class RelayConsumer implements Consumer {
  readonly parks = false;
  readonly #transport: Transport;
  readonly #topic: string;
  readonly #maxBatch: number;
  readonly #maxBatchBytes: number;
  readonly #published = new Map<number, Published>();

  constructor({ transport, topic, maxBatch = 100, maxBatchBytes = 262_144 }: RelayOptions) {
    this.#transport = transport;
    this.#topic = topic;
    this.#maxBatch = maxBatch;
    this.#maxBatchBytes = maxBatchBytes;
  }

  itemsOf(entry: JournalEntry): readonly WorkItem[] {
    return entry.kind === 'event' ? [{ key: entry.stream, entry }] : [];
  }

  async handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]> {
    const { partition, epoch } = context;
    let previous = this.#lastPublished(context);
    const messages = items.map(({ entry }) => {
      const message: TransportMessage = { id: publishedMessageId(entry), entry, previous };
      previous = entry.position;
      return message;
    });
    for (const batch of this.#batches(messages)) {
      await this.#transport.publish(this.#topic, partition, batch);
      const last = batch.at(-1);
      if (last !== undefined) this.#published.set(partition, { epoch, position: last.entry.position });
    }
    return [];
  }

  // After a failed publish the batch comes again from the checkpoint, and what was sent of it comes behind that.
  #lastPublished({ partition, epoch, checkpoint }: ConsumeContext): Position | undefined {
    const published = this.#published.get(partition);
    const isExact =
      published?.epoch === epoch && checkpoint !== undefined && published.position <= checkpoint.position;
    return isExact ? published.position : checkpoint?.position;
  }

  *#batches(messages: readonly TransportMessage[]): Iterable<readonly TransportMessage[]> {
    let batch: TransportMessage[] = [];
    let bytes = 0;
    for (const message of messages) {
      const size = message.entry.data.length + bytesOfFacts;
      if (batch.length > 0 && (batch.length === this.#maxBatch || bytes + size > this.#maxBatchBytes)) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(message);
      bytes += size;
    }
    if (batch.length > 0) yield batch;
  }
}
