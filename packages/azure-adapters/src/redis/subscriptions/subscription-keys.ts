import { namePart } from '../name-part.js';

/** What is kept of one subscription. */
export interface SubscriptionKeys {
  /** A hash: of each partition its owner, epoch, lease, checkpoint, and how often its owner has written. */
  readonly partitions: string;
  /** A sorted set: until when each owner counts for the fair share. */
  readonly owners: string;
  /** A hash: what parked messages are. It never changes. */
  readonly bodies: string;
  /** A hash: how parked messages stand. */
  readonly statuses: string;
  /** A sorted set: the ids of all parked messages, by position. */
  readonly parked: string;
  /** A sorted set: partition and key of all that is gated. */
  readonly gates: string;
  /** A sorted set: the queue of each key, in the order of its places. */
  readonly queues: string;
  /** A sorted set: the heads that run by themselves, by partition and when they may. */
  readonly runs: string;
  /** A sorted set: the ids of messages that operators discarded, by position. */
  readonly discards: string;
}

export type SubscriptionKey = keyof SubscriptionKeys;

/** All of one subscription lies in one slot, so that a script reaches all of it, and one server has all of it. */
export function subscriptionKeys(prefix: string, subscription: string): SubscriptionKeys {
  const begin = `${prefix}:{u:${prefix}:${namePart(subscription)}}`;
  return {
    partitions: `${begin}:partitions`,
    owners: `${begin}:owners`,
    bodies: `${begin}:bodies`,
    statuses: `${begin}:statuses`,
    parked: `${begin}:parked`,
    gates: `${begin}:gates`,
    queues: `${begin}:queues`,
    runs: `${begin}:runs`,
    discards: `${begin}:discards`,
  };
}

/** A set: the names of all subscriptions. */
export function namesKey(prefix: string): string {
  return `${prefix}:subscriptions`;
}
