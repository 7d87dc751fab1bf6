import type { InboxKey, JournalEntry } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Stores } from '../stores.js';
import { OwnedNow } from './owned-now.js';

/**
 * What comes out of the journal for handlers, sent commands and events, is acknowledged before their transaction
 * begins. (A message of a transport that is acknowledged too early does no harm: it names the one before it, and
 * the gap is read from the journal.)
 */
export function acknowledgementBeforeEffect({
  writeStore,
  reader,
  subscriptions,
}: Stores): Pick<Stores, 'writeStore' | 'reader' | 'subscriptions'> {
  const owned = new OwnedNow();
  const read = new Map<string, Pick<JournalEntry, 'partition' | 'position'>>();
  const acknowledge = async ({ id, handler }: InboxKey) => {
    const entry = read.get(id);
    const ownership = entry && owned.of(subscriptionOf(handler), entry.partition);
    if (ownership === undefined) return;
    const checkpoint = { position: entry!.position, entryId: id };
    await subscriptions.advance([{ ownership, checkpoint }]);
  };
  return {
    subscriptions: owned.standIn(subscriptions),
    reader: standIn(reader, {
      async read(from, limits) {
        const slices = await reader.read(from, limits);
        for (const { id, partition, position } of slices.flatMap(({ entries }) => entries))
          read.set(id, { partition, position });
        return slices;
      },
    }),
    writeStore: standIn(writeStore, {
      async claim(key, options) {
        await acknowledge(key);
        return writeStore.claim(key, options);
      },
    }),
  };
}

/** Journalled commands are remembered by their name, events by the subscription that handles them. */
function subscriptionOf(handler: string): string {
  return handler.startsWith('command:') ? 'commands' : handler;
}
