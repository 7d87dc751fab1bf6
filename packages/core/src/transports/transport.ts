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
  /** Calls the listener when something may have arrived for a partition. */
  onArrival(listener: (partition: number) => void): () => void;
  close(): Promise<void>;
}

export interface TransportCapabilities {
  /** Whether messages of a partition arrive in order, in sessions. One that is not only wakes readers of the journal. */
  readonly ordered: boolean;
  /** The largest message, in bytes of JSON; `undefined` for no limit. */
  readonly maxMessageBytes: number | undefined;
}

/** Carries a journal's entries from the write side to subscriptions: at least once, perhaps twice, perhaps never. */
export interface Transport {
  readonly capabilities: TransportCapabilities;
  /** Publishes entries of one partition, in order. When it throws, any prefix of them may have gone out. */
  publish(topic: string, partition: number, messages: readonly TransportMessage[]): Promise<void>;
  /** Makes the subscription if it does not exist, and opens it. It holds what is published from then on. */
  subscribe(topic: string, subscription: string): Promise<TopicSubscription>;
  /** What in the broker's set-up would break a promise, for the start-up audit. */
  audit(): Promise<readonly string[]>;
  close(): Promise<void>;
}
