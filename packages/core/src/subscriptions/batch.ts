import { ProgrammingError } from '../errors/programming-errors.js';
import type { Checkpoint } from '../journal/checkpoint.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { WorkItem } from './consumer.js';
import { handleWithRetries } from './handle-with-retries.js';
import type { NewParkedMessage } from './parked-message.js';
import { heldFailure, parkedFailure } from './parking-policy.js';
import type { PartitionRun } from './partition-run.js';
import { contextOf, type SubscriptionParts, unlessFenced } from './subscription-parts.js';
import { wholePartition } from './subscription-store.js';

/** What is to be done with a batch. */
interface Plan {
  /** To be handled now. */
  readonly free: WorkItem[];
  /** Their key is gated: they wait behind what is parked. */
  readonly followers: WorkItem[];
  /** The last entry that the plan covers. */
  last: JournalEntry | undefined;
  /** An entry whose key cannot be told; nothing behind it is in the plan. */
  poison: { readonly entry: JournalEntry; readonly error: unknown } | undefined;
}

/**
 * Handles entries of one partition: effects first, then what could not be handled is parked. Answers how far the
 * checkpoint may move; moving it is the last step, so a crash before it brings the batch again.
 */
export async function handleBatch(
  parts: SubscriptionParts,
  run: PartitionRun,
  entries: readonly JournalEntry[],
): Promise<Checkpoint | undefined> {
  const plan = planBatch(parts, run, entries);
  const outcome = await handleWithRetries(parts, contextOf(parts, run), plan.free);
  const parked = outcome.failures.map(({ item, error, attempts }) => {
    const failure = parkedFailure(parts.parking, error, attempts);
    parts.observe({
      kind: 'message-parked',
      ...whereOf(parts, run),
      key: item.key,
      messageId: item.entry.id,
      failure,
      error,
    });
    return parkedMessage(item, failure);
  });
  const followers = [...plan.followers, ...outcome.untried].map((item) => parkedMessage(item, undefined));
  await parkAll(parts, run, [...parked, ...followers]);
  if (plan.poison !== undefined) await stopBefore(parts, run, plan.poison);
  return plan.last === undefined ? undefined : reachedWith(parts, run, plan.last);
}

/** The checkpoint behind an entry, with what the store of the effects wants kept beside it. */
async function reachedWith(
  parts: SubscriptionParts,
  run: PartitionRun,
  { position, id: entryId }: JournalEntry,
): Promise<Checkpoint> {
  const evidence = await parts.consumer.evidenceOf?.({ position, entryId }, contextOf(parts, run));
  return evidence === undefined ? { position, entryId } : { position, entryId, evidence };
}

function planBatch(
  { consumer }: SubscriptionParts,
  run: PartitionRun,
  entries: readonly JournalEntry[],
): Plan {
  const plan: Plan = { free: [], followers: [], last: undefined, poison: undefined };
  for (const entry of entries) {
    if (!run.isDiscarded(wholePartition, entry.position)) {
      try {
        for (const item of checkedItems(consumer.itemsOf(entry))) {
          if (run.isDiscarded(item.key, entry.position)) continue;
          (run.gates.has(item.key) ? plan.followers : plan.free).push(item);
        }
      } catch (error) {
        plan.poison = { entry, error };
        return plan;
      }
    }
    plan.last = entry;
  }
  return plan;
}

function checkedItems(items: readonly WorkItem[]): readonly WorkItem[] {
  if (items.every(({ key }) => key !== wholePartition)) return items;
  throw new ProgrammingError('key-empty', 'A message must have a key that is not empty.');
}

/** Parks in order of position, so that each key's messages keep their order. */
async function parkAll(
  parts: SubscriptionParts,
  run: PartitionRun,
  messages: readonly NewParkedMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  const inOrder = [...messages].sort((one, other) => (one.position < other.position ? -1 : 1));
  unlessFenced(await parts.store.park(run.ownership, inOrder), run);
  for (const { key } of messages) run.gates.add(key);
  run.nextDueAt = undefined;
}

async function stopBefore(
  parts: SubscriptionParts,
  run: PartitionRun,
  { entry, error }: NonNullable<Plan['poison']>,
): Promise<void> {
  // One that must not pass anything over, the relay, has nothing to park: it pauses.
  if (parts.consumer.parks === false) throw error;
  await parkAll(parts, run, [parkedMessage({ key: wholePartition, entry }, heldFailure(error))]);
  parts.observe({ kind: 'partition-stopped', ...whereOf(parts, run), error });
}

function whereOf({ subscription }: SubscriptionParts, { partition }: PartitionRun) {
  return { subscription, partition };
}

function parkedMessage({ key, entry }: WorkItem, failure: NewParkedMessage['failure']): NewParkedMessage {
  return { key, position: entry.position, messageId: entry.id, name: entry.name, failure };
}
