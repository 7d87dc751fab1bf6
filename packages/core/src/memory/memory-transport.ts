import type { Clock } from '../clock/clock.js';
import { systemClock } from '../clock/system-clock.js';
import { DiptychError } from '../errors/diptych-error.js';
import { UnavailableError } from '../errors/infrastructure-errors.js';
import { bytesOf } from '../transports/message-size.js';
import type {
  QueueTransport,
  TopicSubscription,
  Transport,
  TransportCapabilities,
  TransportMessage,
} from '../transports/transport.js';
import { MemoryTopicSubscription } from './memory-topic-subscription.js';
import { FaultPlan, type TransportFaults } from './transport-faults.js';

export interface MemoryTransportOptions {
  /** The transport's own clock, for locks and delays. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Whether a partition's messages arrive in order, in sessions. Default true. */
  readonly ordered?: boolean | undefined;
  /** The largest message, in bytes of JSON. Default: no limit. */
  readonly maxMessageBytes?: number | undefined;
  /** How long a session is held without a renewal, in milliseconds. Default 30,000. */
  readonly lockInMs?: number | undefined;
  /**
   * How long a subscription that nobody uses is kept, in milliseconds. Then it is deleted, as a broker deletes idle
   * ones: that of a read model's copy which is fed no more would hold every message to come. Whoever opens it again
   * finds in the journal what it missed. Default ten minutes.
   */
  readonly deleteWhenIdleInMs?: number | undefined;
  /** What goes wrong. Default: nothing. */
  readonly faults?: TransportFaults | undefined;
}

/** Carries entries within one process, with faults on demand: the reference meaning of `Transport`. */
export class MemoryTransport implements Transport, QueueTransport {
  readonly capabilities: TransportCapabilities;
  readonly faults: FaultPlan;
  readonly #clock: Clock;
  readonly #lockInMs: number;
  readonly #deleteWhenIdleInMs: number;
  readonly #topics = new Map<string, Map<string, MemoryTopicSubscription>>();
  readonly #queues = new Map<string, MemoryTopicSubscription>();

  constructor(options: MemoryTransportOptions = {}) {
    this.capabilities = { ordered: options.ordered ?? true, maxMessageBytes: options.maxMessageBytes };
    this.faults = new FaultPlan(options.faults);
    this.#clock = options.clock ?? systemClock;
    this.#lockInMs = options.lockInMs ?? 30_000;
    this.#deleteWhenIdleInMs = options.deleteWhenIdleInMs ?? 600_000;
  }

  async publish(topic: string, partition: number, messages: readonly TransportMessage[]): Promise<void> {
    this.#deliver(topic, this.#inUse(topic), partition, messages);
  }

  async send(queue: string, partition: number, messages: readonly TransportMessage[]): Promise<void> {
    this.#deliver(queue, [this.#queue(queue)], partition, messages);
  }

  async receive(queue: string): Promise<TopicSubscription> {
    return this.#queue(queue);
  }

  async subscribe(topic: string, subscription: string): Promise<TopicSubscription> {
    const subscriptions = this.#topic(topic);
    const known = subscriptions.get(subscription);
    if (known !== undefined) return known;
    const made = this.#made();
    subscriptions.set(subscription, made);
    return made;
  }

  async audit(): Promise<readonly string[]> {
    return [];
  }

  async close(): Promise<void> {}

  #deliver(
    to: string,
    subscriptions: readonly MemoryTopicSubscription[],
    partition: number,
    messages: readonly TransportMessage[],
  ): void {
    this.#refuseOversize(messages);
    const fails = this.faults.strikes('failPublish');
    const out = fails ? messages.slice(0, Math.floor(this.faults.random() * messages.length)) : messages;
    for (const message of this.#onTheWay(out)) {
      for (const subscription of subscriptions) subscription.arrive(partition, message);
    }
    if (fails) throw new UnavailableError(`Publishing to '${to}' failed.`);
  }

  #onTheWay(messages: readonly TransportMessage[]): readonly TransportMessage[] {
    if (this.capabilities.ordered) return messages;
    const shuffled = [...messages];
    for (let index = 1; index < shuffled.length; index++) {
      if (!this.faults.strikes('reorder')) continue;
      [shuffled[index - 1], shuffled[index]] = [shuffled[index]!, shuffled[index - 1]!];
    }
    return shuffled;
  }

  #refuseOversize(messages: readonly TransportMessage[]): void {
    const { maxMessageBytes } = this.capabilities;
    const tooLarge = messages.find(
      (message) => maxMessageBytes !== undefined && bytesOf(message) > maxMessageBytes,
    );
    if (tooLarge === undefined) return;
    throw new DiptychError({
      code: 'message-too-large',
      message: `Message ${tooLarge.id} has more than the ${maxMessageBytes} bytes that the transport takes.`,
      details: { id: tooLarge.id, maxMessageBytes },
    });
  }

  #made(): MemoryTopicSubscription {
    return new MemoryTopicSubscription({
      ordered: this.capabilities.ordered,
      lockInMs: this.#lockInMs,
      clock: this.#clock,
      faults: this.faults,
    });
  }

  #queue(name: string): MemoryTopicSubscription {
    const queue = this.#queues.get(name) ?? this.#made();
    this.#queues.set(name, queue);
    return queue;
  }

  #inUse(name: string): readonly MemoryTopicSubscription[] {
    const topic = this.#topic(name);
    for (const [id, subscription] of topic) {
      if (subscription.isIdle(this.#deleteWhenIdleInMs)) topic.delete(id);
    }
    return [...topic.values()];
  }

  #topic(name: string): Map<string, MemoryTopicSubscription> {
    const topic = this.#topics.get(name) ?? new Map<string, MemoryTopicSubscription>();
    this.#topics.set(name, topic);
    return topic;
  }
}

/** A transport within this process. */
export function memoryTransport(options: MemoryTransportOptions = {}): MemoryTransport {
  return new MemoryTransport(options);
}
