import type { JournalEntry } from '../journal/journal-entry.js';
import type { Position } from '../partitions/position.js';

/** An entry of a journal on its way. */
export interface TransportMessage {
  /** Stable: a resend has the same one. */
  readonly id: string;
  readonly entry: JournalEntry;
  /** The position of the last entry that was published to this topic in the partition before; `undefined` for the first. */
  readonly previous: Position | undefined;
}

export interface Delivery {
  readonly message: TransportMessage;
  /** 1 the first time, as far as the broker counts. */
  readonly attempt: number;
}

/**
 * One partition of one subscription, held open. The broker gives it to one receiver at a time; the session lock
 * decides who is delivered to, and nothing else: writes are guarded by the subscription store's epoch.
 */
export interface PartitionSession {
  readonly partition: number;
  /** How often it has to be renewed to be kept, in milliseconds. */
  readonly renewEveryMs: number;
  /**
   * The next deliveries in order, at most `limit`; empty when there is none at the moment. Does not give again what
   * it gave before, unless `abandon` was called.
   * @throws DiptychError `session-lost`: another receiver may have the partition by now.
   */
  receive(limit: number): Promise<readonly Delivery[]>;
  /** Tells the broker that these are done with. A lock that was lost is not an error: they come again. */
  settle(deliveries: readonly Delivery[]): Promise<void>;
  /** Gives back what was received and not settled: it is delivered again, in order, to this session. */
  abandon(): Promise<void>;
  /** Holds the session for another while. Resolves `false` when it was lost. */
  renew(): Promise<boolean>;
  /** Gives the partition back, and with it what was not settled. */
  close(): Promise<void>;
}

/** A named subscription to a topic, which keeps what it has not been told is done with. */
export interface TopicSubscription {
  /** Opens a partition if no other receiver has it; `undefined` otherwise, and always where order is not promised. */
  accept(partition: number): Promise<PartitionSession | undefined>;
  /** Calls the listener when something may have arrived for a partition; `undefined` for any. */
  onArrival(listener: (partition: number | undefined) => void): () => void;
  close(): Promise<void>;
}

export interface TransportCapabilities {
  /** Whether messages of a partition arrive in order, in sessions. One that is not only wakes readers of the journal. */
  readonly ordered: boolean;
  /** The largest message, in bytes of JSON; `undefined` for no limit. */
  readonly maxMessageBytes: number | undefined;
}

/** What an app uses of a broker. */
export interface BrokerNames {
  /** What it publishes to or subscribes to. */
  readonly topics: readonly string[];
  readonly queues: readonly string[];
}

interface Broker {
  readonly capabilities: TransportCapabilities;
  /** What in the broker's set-up would break a promise, for the start-up audit. */
  audit(names: BrokerNames): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Carries a journal's events from the write side to subscriptions: at least once, perhaps twice, perhaps never. */
export interface Transport extends Broker {
  /**
   * Publishes events of one partition, in order, in as many pieces as the broker wants. When it throws, any prefix of
   * them may have gone out.
   */
  publish(topic: string, partition: number, messages: readonly TransportMessage[]): Promise<void>;
  /** Makes the subscription if it does not exist, and opens it. It holds what is published from then on. */
  subscribe(topic: string, subscription: string): Promise<TopicSubscription>;
}

/** Carries the commands that a journal holds to the processes that run them: at least once, perhaps twice. */
export interface QueueTransport extends Broker {
  /** Sends commands of one partition, in order, as `publish` does events. */
  send(queue: string, partition: number, messages: readonly TransportMessage[]): Promise<void>;
  /** Makes the queue if it does not exist, and opens it: as a subscription that all receivers share. */
  receive(queue: string): Promise<TopicSubscription>;
}
