import { DiptychError } from '../errors/diptych-error.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { type Position, positionAt, positionLength } from '../partitions/position.js';
import { globalPartition } from './subscription-store.js';

/** Before every entry: a checkpoint there says that a subscription has begun, and has seen nothing yet. */
export const beforeAll: Position = positionAt(0, 0);

/**
 * The journal no longer holds what a subscription has seen: it was restored to an older point, or is another one.
 * What the subscription made of it must be made again.
 */
export class JournalRestoredError extends DiptychError {
  constructor(subscription: string, partition: number, position: Position) {
    super({
      code: 'journal-restored',
      message:
        `The journal does not hold the entry at ${position} that subscription '${subscription}' has handled in ` +
        `partition ${partition}: it was restored to an older point. Rebuild '${subscription}' from the journal; where ` +
        'it feeds no read model, let the subscription store forget it, and it begins anew.',
      origin: 'infrastructure',
      details: { subscription, partition, position },
    });
  }
}

/** The entry at a position of a partition, or of the whole journal for `globalPartition`. */
export async function findEntry(
  reader: JournalReader,
  partition: number,
  position: Position,
): Promise<JournalEntry | undefined> {
  if (partition !== globalPartition) return reader.entryAt(partition, position);
  const { entries } = await reader.readAll(justBefore(position), { maxEvents: 1, maxBytes: 1 });
  return entries[0]?.position === position ? entries[0] : undefined;
}

// Positions are texts of hexadecimal digits, and none lies between two neighbours.
function justBefore(position: Position): Position {
  return (BigInt(`0x${position}`) - 1n).toString(16).padStart(positionLength, '0') as Position;
}
