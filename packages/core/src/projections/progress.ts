import type { Position } from '../partitions/position.js';
import { globalPartition, type PartitionState } from '../subscriptions/subscription-store.js';

/** Positions by partition of the journal: its heads, say. */
export type Positions = ReadonlyMap<number, Position>;

/** How far a subscription has come in a partition of the journal, also where it reads all of them as one. */
export function checkpointIn(states: readonly PartitionState[], partition: number): Position | undefined {
  const state = stateOf(states, partition);
  return state?.checkpoint?.position;
}

/** The state that speaks for a partition of the journal: its own, or that of all partitions as one. */
export function stateOf(states: readonly PartitionState[], partition: number): PartitionState | undefined {
  return states.find((state) => state.partition === partition || state.partition === globalPartition);
}

/** Whether the checkpoints have come to all these positions. */
export function hasPassed(states: readonly PartitionState[], targets: Positions): boolean {
  for (const [partition, position] of targets) {
    const checkpoint = checkpointIn(states, partition);
    if (checkpoint === undefined || checkpoint < position) return false;
  }
  return true;
}
