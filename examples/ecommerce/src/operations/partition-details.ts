import { globalPartition, type Operations, type PartitionState } from '@diptych/core';
import type { PartitionDetail } from '../page/browser/operations/snapshot.js';

/** A subscription partition by partition: who owns it, under which epoch, how far it has come and how far that is behind. */
export async function partitionDetails(
  operations: Pick<Operations, 'state' | 'staleness'>,
  subscription: string,
): Promise<readonly PartitionDetail[]> {
  const [states, { behind }] = await Promise.all([
    operations.state(subscription),
    operations.staleness(subscription),
  ]);
  const detail = (state: PartitionState): PartitionDetail => {
    // One that reads all partitions as one is behind in several of them.
    const lag = behind.filter(({ partition }) => [partition, globalPartition].includes(state.partition));
    return {
      partition: state.partition,
      owner: state.owner ?? null,
      epoch: state.epoch,
      checkpoint: state.checkpoint?.position ?? null,
      checkpointAgeInMs: state.checkpointAgeInMs ?? null,
      entriesBehind: lag.reduce((sum, { entriesBehind }) => sum + entriesBehind, 0),
      secondsBehind: Math.max(0, ...lag.map(({ secondsBehind }) => secondsBehind)),
      parkedKeys: state.parkedKeys,
    };
  };
  return [...states].sort((one, other) => one.partition - other.partition).map(detail);
}
