import type { StreamId } from '../unit-of-work/stream-id.js';

/** A state that was folded from the beginning of a stream, kept so that it need not be folded again. */
export interface Snapshot {
  readonly stream: StreamId;
  /** Whose state it is: several deciders may fold one stream. */
  readonly name: string;
  /** Of the state's shape, by the program. A snapshot of another one is not read. */
  readonly schemaVersion: number;
  /** The version of the last event in it. */
  readonly version: number;
  /** The id of that event: a stream that has another one there was restored, and the snapshot is of no use. */
  readonly eventId: string;
  /** The state as JSON text. */
  readonly state: string;
}

export type SnapshotKey = Pick<Snapshot, 'stream' | 'name' | 'schemaVersion'>;

/**
 * Keeps snapshots: one for each stream, name and schema version, so that two versions of a program that run side
 * by side do not take each other's away. Losing them costs time and nothing else.
 */
export interface SnapshotStore {
  load(key: SnapshotKey): Promise<Snapshot | undefined>;
  /** Replaces the one before, in any case: a restored stream may be shorter. */
  save(snapshot: Snapshot): Promise<void>;
  /** Removes all of a stream and name, of every schema version. */
  delete(key: Omit<SnapshotKey, 'schemaVersion'>): Promise<void>;
}
