import type { Clock } from '../clock/clock.js';
import { FencedError } from '../errors/infrastructure-errors.js';
import type { JournalReader } from '../journal/journal-reader.js';
import type { ConsumeContext, Consumer } from './consumer.js';
import type { ParkingPolicy } from './parking-policy.js';
import type { PartitionRun } from './partition-run.js';
import type { SubscriptionObserver } from './subscription-notice.js';
import type { FencedOr, SubscriptionStore } from './subscription-store.js';

/** What the steps of a subscription work with. */
export interface SubscriptionParts {
  readonly subscription: string;
  readonly consumer: Consumer;
  readonly store: SubscriptionStore;
  readonly reader: JournalReader;
  readonly parking: ParkingPolicy;
  readonly clock: Clock;
  readonly observe: SubscriptionObserver;
  readonly abortSignal: AbortSignal;
}

export function contextOf(
  { subscription, abortSignal }: SubscriptionParts,
  run: PartitionRun,
): ConsumeContext {
  const { partition, epoch } = run.ownership;
  run.abortSignal ??= AbortSignal.any([abortSignal]);
  return { subscription, partition, epoch, checkpoint: run.checkpoint, abortSignal: run.abortSignal };
}

/** The answer of a write that was not fenced. */
export function unlessFenced<T>(answer: FencedOr<T>, { ownership }: PartitionRun): T {
  if (answer === 'fenced') throw new FencedError(ownership.subscription, ownership.partition);
  return answer as T;
}
