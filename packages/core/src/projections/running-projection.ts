import type { Clock } from '../clock/clock.js';
import type { JournalReader } from '../journal/journal-reader.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { Consumer } from '../subscriptions/consumer.js';
import { globalPartition, type SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { ProjectionFolds } from './projection-folds.js';
import type { ProjectionRegistration } from './projection-registration.js';

/** A projection with everything resolved that it needs to run. */
export interface RunningProjection {
  readonly registration: ProjectionRegistration;
  readonly folds: ProjectionFolds;
  readonly store: ReadModelStore;
}

/** What all projections of a process share. */
export interface ProjectionSurroundings {
  readonly subscriptions: SubscriptionStore;
  readonly reader: JournalReader;
  readonly clock: Clock;
  /** How many partitions the journal has. */
  readonly partitions: number;
  /** Who this process is: unique per process and start. */
  readonly owner: string;
}

/** What has to run for a copy to be fed: the options of its subscription that the projection decides. */
export interface FeedRequest {
  readonly projection: ProjectionRegistration;
  readonly copy: Copy;
  readonly subscription: string;
  readonly consumer: Consumer;
  readonly ordering: 'partition' | 'global';
  /** A rebuild does not apply again what operators discarded in earlier generations. */
  readonly honourDiscardsOf: readonly string[];
}

/** A subscription that feeds a copy. */
export interface CopyFeed {
  start(): void;
  /** Resolves when the batch in hand is finished and the partitions are given back. */
  stop(): Promise<void>;
}

/** The partitions that a projection's subscription is divided into. */
export function partitionsOf({ ordering }: ProjectionRegistration, partitions: number): readonly number[] {
  return ordering === 'global' ? [globalPartition] : [...Array(partitions).keys()];
}
