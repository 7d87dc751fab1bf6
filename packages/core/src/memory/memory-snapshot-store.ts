import type { Snapshot, SnapshotKey, SnapshotStore } from '../deciders/snapshot-store.js';

/** Keeps snapshots in memory. */
export class MemorySnapshotStore implements SnapshotStore {
  // By stream and name, then by schema version.
  readonly #snapshots = new Map<string, Map<number, Snapshot>>();

  async load(key: SnapshotKey): Promise<Snapshot | undefined> {
    return this.#snapshots.get(idOf(key))?.get(key.schemaVersion);
  }

  async save(snapshot: Snapshot): Promise<void> {
    const id = idOf(snapshot);
    const versions = this.#snapshots.get(id) ?? new Map();
    this.#snapshots.set(id, versions.set(snapshot.schemaVersion, Object.freeze({ ...snapshot })));
  }

  async delete(key: Omit<SnapshotKey, 'schemaVersion'>): Promise<void> {
    this.#snapshots.delete(idOf(key));
  }
}

function idOf({ stream, name }: Omit<SnapshotKey, 'schemaVersion'>): string {
  return JSON.stringify([stream.tenant, stream.name, name]);
}
