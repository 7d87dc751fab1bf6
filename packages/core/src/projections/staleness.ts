import type { Clock } from '../clock/clock.js';
import type { JournalReader } from '../journal/journal-reader.js';
import type { PartitionState, SubscriptionStore } from '../subscriptions/subscription-store.js';
import { checkpointIn, stateOf } from './progress.js';

/** How far a subscription is behind in one partition of the journal. */
export interface PartitionStaleness {
  readonly partition: number;
  /** Events and commands that it has not come to. */
  readonly entriesBehind: number;
  /** Age of the oldest of them, in seconds. */
  readonly secondsBehind: number;
}

/** How far a subscription is behind the journal. */
export interface Staleness {
  readonly subscription: string;
  /** Events and commands that it has not come to. */
  readonly entriesBehind: number;
  /** Age of the oldest of them, in seconds; 0 when there is none. */
  readonly secondsBehind: number;
  /**
   * How long the oldest checkpoint among the partitions that are behind has not moved, in milliseconds: it grows
   * without bound where a subscription hangs. 0 when nothing is behind; `undefined` when one has never begun.
   */
  readonly checkpointAgeInMs: number | undefined;
  /** How many keys have parked messages. */
  readonly parkedKeys: number;
  /** The partitions in which it is behind; empty when it has come to everything. */
  readonly behind: readonly PartitionStaleness[];
}

export interface StalenessOptions {
  readonly subscriptions: SubscriptionStore;
  readonly reader: JournalReader;
  readonly clock: Clock;
  /** How many partitions the journal has. */
  readonly partitions: number;
}

/** Compares a subscription's checkpoints with the head of the journal, never with themselves. */
export async function stalenessOf(subscription: string, options: StalenessOptions): Promise<Staleness> {
  const states = await options.subscriptions.state(subscription);
  const from = Array.from({ length: options.partitions }, (_, partition) => ({
    partition,
    after: checkpointIn(states, partition),
  }));
  const now = options.clock.now();
  const behind = (await options.reader.backlog(from))
    .filter(({ entries }) => entries > 0)
    .map(({ partition, entries, oldest }) => ({
      partition,
      entriesBehind: entries,
      secondsBehind: oldest === undefined ? 0 : Math.max(0, (now - Date.parse(oldest)) / 1_000),
    }));
  return {
    subscription,
    entriesBehind: behind.reduce((sum, { entriesBehind }) => sum + entriesBehind, 0),
    secondsBehind: Math.max(0, ...behind.map(({ secondsBehind }) => secondsBehind)),
    checkpointAgeInMs: ageOf(behind.map(({ partition }) => stateOf(states, partition))),
    parkedKeys: states.reduce((sum, { parkedKeys }) => sum + parkedKeys, 0),
    behind,
  };
}

function ageOf(states: readonly (PartitionState | undefined)[]): number | undefined {
  const ages = states.map((state) => state?.checkpointAgeInMs);
  return ages.includes(undefined) ? undefined : Math.max(0, ...(ages as number[]));
}
