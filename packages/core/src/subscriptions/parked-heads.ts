import type { WorkItem } from './consumer.js';
import { handleWithRetries } from './handle-with-retries.js';
import { findEntry, JournalRestoredError } from './journal-lookup.js';
import type { ParkedMessage } from './parked-message.js';
import { heldFailure, parkedFailure } from './parking-policy.js';
import type { PartitionRun } from './partition-run.js';
import { contextOf, type SubscriptionParts, unlessFenced } from './subscription-parts.js';
import { wholePartition } from './subscription-store.js';

const headsPerTurn = 64;

/** Runs parked messages whose turn has come. Answers how many there were. */
export async function runParkedHeads(parts: SubscriptionParts, run: PartitionRun): Promise<number> {
  if (run.gates.size === 0) return 0;
  const heads = await parts.store.ready(run.ownership, headsPerTurn);
  for (const head of heads) await runHead(parts, run, head);
  const dueInMs = heads.length > 0 ? undefined : await parts.store.nextDueInMs(run.ownership);
  run.nextDueAt = dueInMs === undefined ? undefined : parts.clock.now() + dueInMs;
  return heads.length;
}

async function runHead(parts: SubscriptionParts, run: PartitionRun, head: ParkedMessage): Promise<void> {
  const { key, position } = head;
  if (head.state === 'discarding' && !(await wasHandled(parts, run, head))) {
    const left = unlessFenced(await parts.store.discardParked(run.ownership, key, position), run);
    run.discard(key, position);
    if (left === 'gate-lifted') run.gates.delete(key);
    return;
  }
  // A whole partition stands still before its checkpoint: reading goes on there, and looks at the entry again.
  const isDone = key === wholePartition || head.state === 'discarding';
  const failure = isDone ? undefined : await tryHead(parts, run, head);
  if (failure !== undefined) {
    unlessFenced(await parts.store.failParked(run.ownership, key, position, failure), run);
    return;
  }
  if (!isDone) await renewEvidence(parts, run);
  const left = unlessFenced(await parts.store.settleParked(run.ownership, key, position), run);
  if (left === 'gate-lifted') run.gates.delete(key);
}

/** The effect came after the checkpoint that speaks of it: whoever reads once the gate is lifted must see it too. */
async function renewEvidence(parts: SubscriptionParts, run: PartitionRun): Promise<void> {
  if (parts.consumer.evidenceOf === undefined || run.checkpoint === undefined) return;
  const { position, entryId } = run.checkpoint;
  const evidence = await parts.consumer.evidenceOf({ position, entryId }, contextOf(parts, run));
  if (evidence === run.checkpoint.evidence) return;
  const checkpoint = { position, entryId, evidence };
  const [answer] = await parts.store.advance([{ ownership: run.ownership, checkpoint }]);
  unlessFenced(answer ?? 'fenced', run);
  run.checkpoint = checkpoint;
}

/** A message is applied or discarded, never both: its effect may have outlived an owner that died before it said so. */
async function wasHandled(
  parts: SubscriptionParts,
  run: PartitionRun,
  head: ParkedMessage,
): Promise<boolean> {
  if (parts.consumer.hasHandled === undefined || head.key === wholePartition) return false;
  const entry = head.copy ?? (await findEntry(parts.reader, run.partition, head.position));
  return entry !== undefined && parts.consumer.hasHandled({ key: head.key, entry }, contextOf(parts, run));
}

async function tryHead(parts: SubscriptionParts, run: PartitionRun, head: ParkedMessage) {
  const entry = head.copy ?? (await findEntry(parts.reader, run.partition, head.position));
  if (entry === undefined) throw new JournalRestoredError(parts.subscription, run.partition, head.position);
  let items: readonly WorkItem[];
  try {
    items = parts.consumer.itemsOf(entry).filter(({ key }) => key === head.key);
  } catch (error) {
    return heldFailure(error);
  }
  const { failures } = await handleWithRetries(parts, contextOf(parts, run), items);
  const failed = failures[0];
  if (failed === undefined) return undefined;
  const failure = parkedFailure(parts.parking, failed.error, (head.failure?.attempts ?? 0) + failed.attempts);
  const { subscription, partition } = run.ownership;
  const { key, messageId } = head;
  parts.observe({
    kind: 'message-parked',
    subscription,
    partition,
    key,
    messageId,
    failure,
    error: failed.error,
  });
  return failure;
}
