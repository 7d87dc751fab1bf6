import type { SnapshotStore } from '../deciders/snapshot-store.js';
import type { JournalReader } from '../journal/journal-reader.js';
import type { ReadModelStore } from '../read-models/read-model-store.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import type { WriteStore } from '../unit-of-work/write-store.js';

/**
 * What an app keeps its state in. `memoryDatabase()` gives all of it; a program may as well put it together from
 * several stores: `{ ...sqlDatabase(…), readModels: await cosmosReadModels(…) }`.
 */
export interface Database {
  /** Only processes with the role `commands` need it: a read side may have no access to it. */
  readonly writeStore?: WriteStore | undefined;
  readonly reader: JournalReader;
  readonly subscriptions: SubscriptionStore;
  /** Where projections keep their documents unless they name a store of their own. */
  readonly readModels?: ReadModelStore | undefined;
  /** Where event-sourced state is cut short. Default: streams are always read from their beginning. */
  readonly snapshots?: SnapshotStore | undefined;
}

/** A database that can be written to. */
export interface WritableDatabase extends Database {
  readonly writeStore: WriteStore;
}
