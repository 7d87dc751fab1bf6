import type { Clock } from '../clock/clock.js';
import type { JournalReader, ReadLimits } from '../journal/journal-reader.js';
import type { TopicSubscription } from '../transports/transport.js';
import type { BackoffOptions } from './backoff.js';
import type { Consumer } from './consumer.js';
import { defaultParkingPolicy, type ParkingPolicy } from './parking-policy.js';
import type { SubscriptionObserver } from './subscription-notice.js';
import type { SubscriptionStore } from './subscription-store.js';

export interface SubscriptionOptions {
  /** The id of the subscription: `order-details/v1`, `events/send-mail`. */
  readonly subscription: string;
  readonly consumer: Consumer;
  readonly store: SubscriptionStore;
  readonly reader: JournalReader;
  /** Who runs it: unique per process and start. */
  readonly owner: string;
  /** How many partitions the journal has: `(await reader.info()).partitions`. */
  readonly partitions: number;
  readonly clock: Clock;
  /** `global`: one consumer over all partitions in position order, from the journal. Default `partition`. */
  readonly ordering?: 'partition' | 'global' | undefined;
  /**
   * The transport's subscription. An ordered one brings the entries, and the journal fills its gaps; another one
   * wakes the reader of the journal. Not used where the ordering is global. Default: none.
   */
  readonly arrivals?: TopicSubscription | undefined;
  /** Where a subscription without a checkpoint begins. Default `first`. */
  readonly startAt?: 'first' | 'newest' | undefined;
  /** Subscriptions whose discards are honoured beside its own. Default: none. */
  readonly honourDiscardsOf?: readonly string[] | undefined;
  /** The bounds of a batch. Default: 500 entries, 1 MiB. */
  readonly limits?: ReadLimits | undefined;
  /** What happens with messages that cannot be handled. */
  readonly parking?: ParkingPolicy | undefined;
  /** How long a lease lasts without a renewal. Default 30,000. It is renewed after a third of that. */
  readonly leaseInMs?: number | undefined;
  /** How long to wait when nobody wakes the subscription. Default 1,000. */
  readonly pollInMs?: number | undefined;
  /** The pauses while a store or transport fails. */
  readonly backoff?: BackoffOptions | undefined;
  /** Told of changes of state, for logs and metrics. */
  readonly observe?: SubscriptionObserver | undefined;
}

const subscriptionDefaults = {
  ordering: 'partition',
  startAt: 'first',
  honourDiscardsOf: [],
  limits: { maxEvents: 500, maxBytes: 1_048_576 },
  parking: defaultParkingPolicy,
  leaseInMs: 30_000,
  pollInMs: 1_000,
  backoff: {},
  observe: () => {},
} as const satisfies Partial<SubscriptionOptions>;

/** The options with every default filled in. */
export type SubscriptionSettings = SubscriptionOptions & {
  readonly [Name in keyof typeof subscriptionDefaults]: NonNullable<SubscriptionOptions[Name]>;
};

/** Fills the defaults in, also where `undefined` is given. */
export function settingsOf(options: SubscriptionOptions): SubscriptionSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...subscriptionDefaults, ...(given as unknown as SubscriptionOptions) } as SubscriptionSettings;
}
