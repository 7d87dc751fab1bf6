import type { Checkpoint } from '../journal/checkpoint.js';
import type { JournalEntry } from '../journal/journal-entry.js';

/** What an operator or a test may tell a running subscription of this process. */
export interface SubscriptionControl {
  /** Handles nothing more until `resume`; leases are kept. */
  pause(): void;
  resume(): void;
  /** Holds entries back until they are that old, by their own time. 0 for not at all. */
  delay(ms: number): void;
  readonly isPaused: boolean;
  /** What `delay` was told last, in milliseconds. */
  readonly delayInMs: number;
  /** How the partitions fare that this process owns. */
  status(): readonly PartitionStatus[];
}

/** - `paused`: tried again by itself. - `stopped`: somebody must act. */
export interface PartitionStatus {
  readonly partition: number;
  readonly state: 'running' | 'paused' | 'stopped';
  readonly error: unknown;
  readonly checkpoint: Checkpoint | undefined;
  readonly parkedKeys: number;
}

/** The part of the entries that is old enough, and when the next one will be. */
export function oldEnough(
  entries: readonly JournalEntry[],
  delayInMs: number,
  now: number,
): { readonly entries: readonly JournalEntry[]; readonly heldUntil: number | undefined } {
  if (delayInMs <= 0) return { entries, heldUntil: undefined };
  const young = entries.findIndex(({ time }) => Date.parse(time) + delayInMs > now);
  const held = entries[young];
  if (held === undefined) return { entries, heldUntil: undefined };
  return { entries: entries.slice(0, young), heldUntil: Date.parse(held.time) + delayInMs };
}
