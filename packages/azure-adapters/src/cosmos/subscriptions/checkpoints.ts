import type { Checkpoint } from '@diptych/core';
import type { Plan } from './fenced-writes.js';
import { type PartitionItem, storedCheckpoint } from './subscription-items.js';

/** Forward only; one that is there already takes the new evidence. */
export function advancePlan(
  { checkpoint: from, movedAt }: PartitionItem,
  to: Checkpoint,
  now: number,
): Plan<'advanced'> {
  if (from !== null && from.position > to.position) return { answer: 'advanced' };
  const isThere = from?.position === to.position;
  return {
    answer: 'advanced',
    partition: { checkpoint: storedCheckpoint(to), movedAt: isThere ? movedAt : now },
  };
}

export function rewindPlan(to: Checkpoint | undefined, now: number): Plan<'rewound'> {
  const partition =
    to === undefined
      ? { checkpoint: null, movedAt: null }
      : { checkpoint: storedCheckpoint(to), movedAt: now };
  return { answer: 'rewound', partition };
}
