import type { Checkpoint } from '../journal/checkpoint.js';
import type { PartitionRun } from './partition-run.js';
import { contextOf, type SubscriptionParts, unlessFenced } from './subscription-parts.js';

/** How often to ask whether the effects are all there, in milliseconds. */
const askAgainInMs = 5_000;

/** Whether it is time to ask whether the effects that a partition's checkpoint speaks of are still there. */
export function isDoubtful({ consumer, clock }: SubscriptionParts, run: PartitionRun): boolean {
  if (consumer.lastWhole === undefined || run.checkpoint === undefined) return false;
  return run.wholeAt === undefined || clock.now() - run.wholeAt >= askAgainInMs;
}

/** Sets the checkpoint back to before what was lost, if anything was. Says whether it was. */
export async function goBackToWhole(parts: SubscriptionParts, run: PartitionRun): Promise<boolean> {
  const { consumer, store, clock, subscription } = parts;
  const { checkpoint, ownership } = run;
  if (consumer.lastWhole === undefined || checkpoint === undefined) return false;
  const askedAt = clock.now();
  const whole = await consumer.lastWhole(checkpoint, contextOf(parts, run));
  const isWhole = whole?.position === checkpoint.position;
  if (isWhole) await renewEvidence(parts, run, whole);
  else {
    unlessFenced(await store.rewind(ownership, whole), run);
    run.checkpoint = whole;
    const { partition } = ownership;
    parts.observe({ kind: 'partition-rewound', subscription, partition, from: checkpoint, to: whole });
  }
  run.wholeAt = askedAt;
  return !isWhole;
}

/** What the effects were seen by may be others now: the next look goes by those. */
async function renewEvidence(
  { store }: SubscriptionParts,
  run: PartitionRun,
  whole: Checkpoint,
): Promise<void> {
  if (whole.evidence === run.checkpoint?.evidence) return;
  const [answer] = await store.advance([{ ownership: run.ownership, checkpoint: whole }]);
  unlessFenced(answer ?? 'fenced', run);
  run.checkpoint = whole;
}
