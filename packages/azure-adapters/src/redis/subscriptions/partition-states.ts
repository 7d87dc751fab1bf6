import { type PartitionState, restored } from '@diptych/core';
import { stateScript } from './checkpoint-scripts.js';
import { type CheckpointReply, checkpointIn } from './checkpoint-text.js';
import type { SubscriptionScripts } from './subscription-script.js';

type StateReply = readonly [
  partition: string,
  owner: string | null,
  epoch: string,
  checkpointAgeInMs: number | null,
  parkedKeys: number,
  ...checkpoint: CheckpointReply,
];

/** How far partitions have come: one command, however many are asked about. */
export async function partitionStates(
  scripts: SubscriptionScripts,
  subscription: string,
  partitions: readonly number[] | undefined,
): Promise<readonly PartitionState[]> {
  if (partitions?.length === 0) return [];
  const asked = partitions === undefined ? ['all'] : [...new Set(partitions)];
  const rows = (await scripts.run(stateScript, subscription, asked)) as readonly StateReply[];
  return rows.map(stateIn).sort((one, other) => one.partition - other.partition);
}

function stateIn([partition, owner, epoch, age, parkedKeys, ...checkpoint]: StateReply): PartitionState {
  return {
    partition: Number(partition),
    owner: owner === null ? undefined : restored(owner),
    epoch: Number(epoch),
    checkpoint: checkpointIn(checkpoint),
    checkpointAgeInMs: age === null ? undefined : Math.max(0, age),
    parkedKeys,
  };
}
