import type { Checkpoint } from '../journal/checkpoint.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { beforeAll, findEntry, JournalRestoredError } from './journal-lookup.js';
import type { PartitionRun } from './partition-run.js';
import { goBackToWhole } from './rewinding.js';
import { type SubscriptionParts, unlessFenced } from './subscription-parts.js';
import { type Discarded, globalPartition } from './subscription-store.js';

export interface PrepareOptions {
  /** Where a subscription without a checkpoint begins. */
  readonly startAt: 'first' | 'newest';
  /** What operators discarded, of this subscription and of those it honours. */
  readonly discards: readonly Discarded[];
}

/**
 * Makes a partition that was just taken ready to run.
 * @throws JournalRestoredError when the journal no longer holds the entry at the checkpoint; FencedError.
 */
export async function preparePartition(
  parts: SubscriptionParts,
  run: PartitionRun,
  { startAt, discards }: PrepareOptions,
): Promise<void> {
  if (run.checkpoint !== undefined) await compareWithJournal(parts, run, run.checkpoint);
  else if (startAt === 'newest') await startAtNewest(parts, run);
  await goBackToWhole(parts, run);
  const gates = unlessFenced(await parts.store.gatedKeys(run.ownership), run);
  for (const key of gates) run.gates.add(key);
  for (const { partition, key, position } of discards) {
    if (partition === run.partition) run.discard(key, position);
  }
  run.isPrepared = true;
}

async function compareWithJournal(
  { reader, subscription }: SubscriptionParts,
  { partition }: PartitionRun,
  { position, entryId }: Checkpoint,
): Promise<void> {
  if (position === beforeAll) return;
  const entry = await findEntry(reader, partition, position);
  if (entry?.id !== entryId) throw new JournalRestoredError(subscription, partition, position);
}

// Kept at once, also for an empty partition: after a crash, "the newest" would be a later one.
async function startAtNewest({ reader, store }: SubscriptionParts, run: PartitionRun): Promise<void> {
  const checkpoint = await newest(reader, run.partition);
  const [answer] = await store.advance([{ ownership: run.ownership, checkpoint }]);
  unlessFenced(answer ?? 'fenced', run);
  run.checkpoint = checkpoint;
}

async function newest(reader: JournalReader, partition: number): Promise<Checkpoint> {
  const heads = await reader.heads();
  const position = partition === globalPartition ? [...heads.values()].sort().at(-1) : heads.get(partition);
  const entry = position === undefined ? undefined : await findEntry(reader, partition, position);
  return entry === undefined
    ? { position: beforeAll, entryId: '' }
    : { position: entry.position, entryId: entry.id };
}
