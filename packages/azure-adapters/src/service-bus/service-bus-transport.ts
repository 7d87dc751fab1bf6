import {
  type BrokerNames,
  type Clock,
  isDiptychError,
  type QueueTransport,
  systemClock,
  type TopicSubscription,
  type Transport,
  type TransportCapabilities,
  type TransportMessage,
} from '@diptych/core';
import { closed } from './closing.js';
import { connect, type ServiceBusConnection } from './connect.js';
import { type Recovery, type RecoveryOptions, recoverDeadLetters } from './dead-letters.js';
import { entityName, longestPath, longestSubscription } from './entity-names.js';
import { Publisher } from './publisher.js';
import type { ServiceBusOptions } from './service-bus-options.js';
import { type SessionSource, SessionSubscription } from './session-subscription.js';
import { BrokerTopology, refuseFaults } from './topology.js';

/** Of a message and of a batch, in bytes. A batch is never larger, on a large-message namespace neither. */
const tierBytes = { standard: 262_144, premium: 1_048_576 } as const;
/** What the same message takes in AMQP beyond its JSON, at most. */
const amqpBytes = 4_096;

const defaults = {
  topology: 'create',
  tier: 'standard',
  lockInMs: 60_000,
  deleteWhenIdleInMs: 86_400_000,
  maxInFlight: 500,
} as const;

/** Carries events by topics, and commands by queues, of a Service Bus namespace: in sessions, one for each partition. */
export class ServiceBusTransport implements Transport, QueueTransport {
  readonly capabilities: TransportCapabilities;
  readonly #connection: ServiceBusConnection;
  readonly #publisher: Publisher;
  readonly #topology: BrokerTopology;
  readonly #sessions: {
    readonly sources: readonly string[] | undefined;
    readonly lockInMs: number;
    readonly maxInFlight: number;
    readonly clock: Clock;
  };
  readonly #open = new Set<SessionSubscription>();
  /** What was looked for and found before something was sent to it. */
  readonly #provided = new Map<string, Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(options: ServiceBusOptions) {
    const { tier = defaults.tier, topology = defaults.topology, clock = systemClock } = options;
    const { lockInMs = defaults.lockInMs, maxInFlight = defaults.maxInFlight } = options;
    const { deleteWhenIdleInMs = defaults.deleteWhenIdleInMs } = options;
    const [maxBatchBytes, maxMessageBytes] = [tierBytes[tier], tierBytes[tier] - amqpBytes];
    this.capabilities = { ordered: true, maxMessageBytes };
    this.#connection = connect(options);
    this.#publisher = new Publisher(this.#connection.client, { maxBatchBytes, maxMessageBytes });
    this.#topology = new BrokerTopology({
      administration: this.#connection.administration,
      topology,
      settings: { lockInMs, deleteWhenIdleInMs },
    });
    this.#sessions = { sources: options.sources, lockInMs, maxInFlight, clock };
  }

  publish(topic: string, _partition: number, messages: readonly TransportMessage[]): Promise<void> {
    const path = pathOf(topic);
    return this.#send(path, () => this.#topology.topicFaults(path), messages);
  }

  send(queue: string, _partition: number, messages: readonly TransportMessage[]): Promise<void> {
    const path = pathOf(queue);
    return this.#send(path, () => this.#topology.queueFaults(path), messages);
  }

  subscribe(topic: string, subscription: string): Promise<TopicSubscription> {
    const path = pathOf(topic);
    const name = entityName(subscription, longestSubscription);
    return this.#subscription({ topic: path, subscription: name }, async () =>
      refuseFaults([
        ...(await this.#topology.topicFaults(path)),
        ...(await this.#topology.subscriptionFaults(path, name)),
      ]),
    );
  }

  receive(queue: string): Promise<TopicSubscription> {
    const path = pathOf(queue);
    return this.#subscription({ queue: path }, async () =>
      refuseFaults(await this.#topology.queueFaults(path)),
    );
  }

  /**
   * Looks through the dead-letter queue of a subscription, or of a queue: settles what the journal has, and tells what
   * else is there. Without a journal to look into, what is of `sources` counts as had.
   * @throws UnavailableError; ProgrammingError `option-invalid` with neither `reader` nor `sources`.
   */
  recoverDeadLetters(
    of: { readonly topic: string; readonly subscription: string } | { readonly queue: string },
    options: RecoveryOptions = {},
  ): Promise<Recovery> {
    const source: SessionSource =
      'queue' in of
        ? { queue: pathOf(of.queue) }
        : { topic: pathOf(of.topic), subscription: entityName(of.subscription, longestSubscription) };
    return recoverDeadLetters(this.#connection.client, source, { ...this.#sessions, ...options });
  }

  async audit({ topics, queues }: BrokerNames): Promise<readonly string[]> {
    const faults = [...(await this.#topology.namespaceFaults())];
    for (const topic of topics) faults.push(...(await this.#topology.topicFaults(pathOf(topic))));
    for (const queue of queues) faults.push(...(await this.#topology.queueFaults(pathOf(queue))));
    return faults;
  }

  /** Closing it again waits for the first time. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#open].map((subscription) => subscription.close()));
    const { clock } = this.#sessions;
    await closed(clock, this.#publisher.close());
    await closed(clock, this.#connection.client.close());
  }

  async #send(
    path: string,
    faultsOf: () => Promise<readonly string[]>,
    messages: readonly TransportMessage[],
  ): Promise<void> {
    const provided = this.#provided.get(path) ?? faultsOf().then(refuseFaults);
    this.#provided.set(path, provided);
    try {
      await provided;
      await this.#publisher.publish(path, messages);
    } catch (error) {
      // It may have been deleted: it is looked for before the next attempt.
      if (!isDiptychError(error, 'message-too-large')) this.#provided.delete(path);
      throw error;
    }
  }

  async #subscription(source: SessionSource, provide: () => Promise<void>): Promise<TopicSubscription> {
    await provide();
    const { client } = this.#connection;
    const subscription = new SessionSubscription({ ...this.#sessions, client, source, provide });
    this.#open.add(subscription);
    return subscription;
  }
}

/**
 * Events and commands over Azure Service Bus.
 * @throws ProgrammingError `service-bus-access` for a connection string that is none.
 */
export function serviceBusTransport(options: ServiceBusOptions): ServiceBusTransport {
  return new ServiceBusTransport(options);
}

function pathOf(name: string): string {
  return entityName(name, longestPath);
}
