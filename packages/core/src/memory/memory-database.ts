import type { Clock } from '../clock/clock.js';
import { systemClock } from '../clock/system-clock.js';
import type { SnapshotStore } from '../deciders/snapshot-store.js';
import type { JournalReader } from '../journal/journal-reader.js';
import { defaultPartitionCount } from '../partitions/partition.js';
import { MemoryJournal } from './memory-journal.js';
import { MemoryJournalReader } from './memory-journal-reader.js';
import { MemoryReadModelStore } from './memory-read-model-store.js';
import { MemorySnapshotStore } from './memory-snapshot-store.js';
import { MemorySubscriptionStore } from './memory-subscription-store.js';
import { MemoryWriteStore } from './memory-write-store.js';

export interface MemoryDatabaseOptions {
  /** The database's own clock: due times, leases and expiries go by it. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** How many partitions the journal gets. Default 32. */
  readonly partitions?: number | undefined;
  /** The journal's id. Default: a random one. */
  readonly incarnation?: string | undefined;
  /** How long one session may last, in milliseconds. Default 5,000. */
  readonly sessionTimeLimitInMs?: number | undefined;
  /** The largest event or command, in bytes of JSON. Default: no limit. */
  readonly maxMessageBytes?: number | undefined;
}

/** One database in memory. Several apps of one process may share it, as they would share one SQL database. */
export interface MemoryDatabase {
  readonly writeStore: MemoryWriteStore;
  readonly reader: JournalReader;
  readonly snapshots: SnapshotStore;
  readonly subscriptions: MemorySubscriptionStore;
  readonly readModels: MemoryReadModelStore;
}

/** Makes an empty database, which lives as long as somebody holds it. */
export function memoryDatabase(options: MemoryDatabaseOptions = {}): MemoryDatabase {
  const {
    clock = systemClock,
    partitions = defaultPartitionCount,
    incarnation = crypto.randomUUID(),
  } = options;
  const journal = new MemoryJournal(partitions);
  return {
    writeStore: new MemoryWriteStore(journal, clock, {
      sessionTimeLimitInMs: options.sessionTimeLimitInMs ?? 5_000,
      maxMessageBytes: options.maxMessageBytes,
    }),
    reader: new MemoryJournalReader(journal, incarnation),
    snapshots: new MemorySnapshotStore(),
    subscriptions: new MemorySubscriptionStore(clock),
    readModels: new MemoryReadModelStore({ clock }),
  };
}
