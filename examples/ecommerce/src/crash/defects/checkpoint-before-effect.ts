import { type DocumentChange, marksIn, type Position, subscriptionNameOf } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Stores } from '../stores.js';
import { OwnedNow } from './owned-now.js';

/** Checkpoints of projections move before the documents are written. */
export function checkpointBeforeEffect({
  readModels,
  subscriptions,
  reader,
}: Stores): Pick<Stores, 'readModels' | 'subscriptions'> {
  const owned = new OwnedNow();
  const moveTo = async (subscription: string, partition: number, position: Position) => {
    const ownership = owned.of(subscription, partition);
    const entry = await reader.entryAt(partition, position);
    if (ownership === undefined || entry === undefined) return;
    await subscriptions.advance([{ ownership, checkpoint: { position, entryId: entry.id } }]);
  };
  return {
    subscriptions: owned.standIn(subscriptions),
    readModels: standIn(readModels, {
      async write(copy, changes) {
        for (const [partition, position] of furthestOf(changes))
          await moveTo(subscriptionNameOf(copy), partition, position);
        return readModels.write(copy, changes);
      },
    }),
  };
}

function furthestOf(changes: readonly DocumentChange[]): ReadonlyMap<number, Position> {
  const furthest = new Map<number, Position>();
  for (const { marks } of changes) {
    for (const [partition, position] of marksIn(marks)) {
      const known = furthest.get(partition);
      if (known === undefined || known < position) furthest.set(partition, position);
    }
  }
  return furthest;
}
