import type { SnapshotStore } from './snapshot-store.js';

/** That a state is kept in snapshots, and when. */
export interface SnapshotOptions<State> {
  readonly store: SnapshotStore;
  /** Whose state it is, stable: `stock`. */
  readonly name: string;
  /** Raise it when the state's shape or the way it is folded changes: older snapshots are then not read. */
  readonly schemaVersion: number;
  /** A snapshot is taken when that many events were folded since the last one. Default 100. */
  readonly every?: number | undefined;
  /** The state as JSON text. Default: `JSON.stringify`, for states of plain objects, arrays, texts, numbers and booleans. */
  readonly encode?: ((state: State) => string) | undefined;
  /** What `encode` made, as the state again. Default: `JSON.parse`. */
  readonly decode?: ((text: string) => State) | undefined;
}
