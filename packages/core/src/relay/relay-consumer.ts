import type { JournalEntry } from '../journal/journal-entry.js';
import type { Position } from '../partitions/position.js';
import type { ConsumeContext, Consumer, FailedItem, WorkItem } from '../subscriptions/consumer.js';
import type { QueueTransport, Transport, TransportMessage } from '../transports/transport.js';
import { publishedMessageId } from './published-message-id.js';

export interface RelayOptions {
  /** What is relayed: the events of the journal, or its commands. */
  readonly kind: JournalEntry['kind'];
  /** Hands messages of a partition to the broker, in order. */
  readonly publish: (partition: number, messages: readonly TransportMessage[]) => Promise<void>;
}

/** The last entry that a partition's owner of that epoch has published. */
interface Published {
  readonly epoch: number;
  readonly position: Position;
}

/** The id of the subscription that relays the journal to a topic or a queue. */
export function relayName(destination: string): string {
  return `relay/${destination}`;
}

/**
 * The consumer of the subscription that moves a journal to a broker: all its events to one topic, or all its commands
 * to one queue, in order.
 * It never parks: what cannot be published now is published later, and what comes behind waits.
 *
 * Each message names the one published before it. That is known from the messages sent since the partition was
 * taken, and at first from the checkpoint, which may lie at an entry of the other kind behind it: a receiver then sees
 * a gap where there is none, and reads the journal once.
 */
export class RelayConsumer implements Consumer {
  readonly parks = false;
  readonly #options: RelayOptions;
  readonly #published = new Map<number, Published>();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  itemsOf(entry: JournalEntry): readonly WorkItem[] {
    if (entry.kind !== this.#options.kind) return [];
    return [{ key: entry.kind === 'event' ? entry.stream : entry.key, entry }];
  }

  async handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]> {
    const { partition, epoch } = context;
    let previous = this.#lastPublished(context);
    const messages = items.map(({ entry }) => {
      const message: TransportMessage = { id: publishedMessageId(entry), entry, previous };
      previous = entry.position;
      return message;
    });
    await this.#options.publish(partition, messages);
    if (previous !== undefined) this.#published.set(partition, { epoch, position: previous });
    return [];
  }

  // After a failed publish the batch comes again from the checkpoint, and what was sent of it comes behind that.
  #lastPublished({ partition, epoch, checkpoint }: ConsumeContext): Position | undefined {
    const published = this.#published.get(partition);
    const isExact =
      published?.epoch === epoch && checkpoint !== undefined && published.position <= checkpoint.position;
    return isExact ? published.position : checkpoint?.position;
  }
}

/** Relays the events of a journal to a topic. */
export function relayToTopic(transport: Pick<Transport, 'publish'>, topic: string): RelayConsumer {
  return new RelayConsumer({ kind: 'event', publish: (...sent) => transport.publish(topic, ...sent) });
}

/** Relays the commands of a journal to a queue. */
export function relayToQueue(queues: Pick<QueueTransport, 'send'>, queue: string): RelayConsumer {
  return new RelayConsumer({ kind: 'command', publish: (...sent) => queues.send(queue, ...sent) });
}
