import type { JsonObject } from './json.js';

/** More writes than one unit can have: the order of a write is its number times this, and its place in the unit. */
export const ordersPerUnit = 4096;

/** An item as it was written once; the next write makes another. */
export interface StoredItem {
  readonly id: string;
  /** With what the service adds: `_rid`, `_self`, `_etag`, `_ts`. */
  readonly body: JsonObject;
  readonly bytes: number;
  readonly etag: string;
  /** The number of the write. Those of one batch have the same. */
  readonly lsn: number;
  /** Where it stands among all writes, also within its batch. */
  readonly order: number;
  /** By the emulator's clock; undefined: never. */
  readonly expiresAt: number | undefined;
  readonly uniqueKeys: readonly string[];
}

/** What an item was from a write on; `item` is undefined once it was deleted. */
export interface ItemVersion {
  readonly lsn: number;
  readonly item: StoredItem | undefined;
}
