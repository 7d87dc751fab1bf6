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
  if (!isWhole) {
    unlessFenced(await store.rewind(ownership, whole), run);
    run.checkpoint = whole;
    const { partition } = ownership;
    parts.observe({ kind: 'partition-rewound', subscription, partition, from: checkpoint, to: whole });
  }
  run.wholeAt = askedAt;
  return !isWhole;
}
