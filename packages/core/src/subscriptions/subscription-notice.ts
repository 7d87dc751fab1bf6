import type { Checkpoint } from '../journal/checkpoint.js';
import type { ParkedFailure } from './parked-message.js';

/**
 * What people should know of a subscription. Given once per change of state, not once per attempt, so that an
 * outage does not flood the log.
 */
export type SubscriptionNotice = { readonly subscription: string } & (
  | { readonly kind: 'partition-taken'; readonly partition: number; readonly epoch: number }
  /** Given back, or lost to another owner. */
  | { readonly kind: 'partition-left'; readonly partition: number; readonly reason: 'released' | 'lost' }
  /** A store or transport failed: tried again, ever more slowly. */
  | { readonly kind: 'partition-paused'; readonly partition: number; readonly error: unknown }
  | { readonly kind: 'partition-resumed'; readonly partition: number }
  /** Does not go on by itself: somebody must act. */
  | { readonly kind: 'partition-stopped'; readonly partition: number; readonly error: unknown }
  /** Effects were lost by their store: their events are applied again, from `to` on, or from the beginning. */
  | {
      readonly kind: 'partition-rewound';
      readonly partition: number;
      readonly from: Checkpoint;
      readonly to: Checkpoint | undefined;
    }
  | {
      readonly kind: 'message-parked';
      readonly partition: number;
      readonly key: string;
      readonly messageId: string;
      readonly failure: ParkedFailure;
      readonly error: unknown;
    }
  /** The subscription store cannot be reached, or can again. */
  | { readonly kind: 'leases-paused'; readonly error: unknown }
  | { readonly kind: 'leases-resumed' }
  /** Sessions of the transport cannot be opened for some partitions, whose entries come from the journal, or can again. */
  | { readonly kind: 'arrivals-paused'; readonly error: unknown }
  | { readonly kind: 'arrivals-resumed' }
);

export type SubscriptionObserver = (notice: SubscriptionNotice) => void;
